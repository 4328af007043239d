// The assistant inside another page. A portal names this file in one script tag; it draws a button, and loads the chat when a person
// opens it. It holds no key: the portal's server vouches for the person (docs/widget.md).
(() => {
  const settings = null /* the server's settings */
  const tag = document.currentScript
  if (!settings || !tag || window.Stagecraft) {
    console.error(window.Stagecraft ? "Stagecraft: the script stands on this page twice." : "Stagecraft: load the script from /widget.js of the assistant, by a script tag.")
    return
  }

  const base = new URL(".", tag.src).href
  const chosen = (name, allowed) => (allowed.includes(tag.dataset[name]) ? tag.dataset[name] : settings[name])
  const theme = { auto: "system", light: "light", dark: "dark" }[chosen("theme", ["auto", "light", "dark"])]
  const position = chosen("position", ["left", "right"])
  const wished = chosen("language", ["auto", "en", "zh"])
  const spoken = wished === "auto" ? document.documentElement.lang || navigator.language : wished
  const language = spoken.toLowerCase().startsWith("zh") ? "zh" : "en"
  const texts = settings.texts[language]
  const THREAD = "chainlit-copilot-thread-id"
  const VISITOR = "stagecraft-widget-visitor"
  const MOST = { title: 300, url: 2000, text: 8000 }

  // ---- What the page offers: the person sees it, and may leave it out.

  let offered = null
  let left = ""

  const cut = (context) => Object.fromEntries(Object.entries(MOST).map(([name, most]) => [name, String(context[name] ?? "").trim().slice(0, most)]))
  const marked = (context) => JSON.stringify([context.title, context.url])

  function page() {
    if (offered) return offered
    const place = tag.dataset.context && document.querySelector(tag.dataset.context)
    return place ? cut({ title: place.dataset.title || document.title, url: location.origin + location.pathname, text: place.innerText }) : null
  }

  function setContext(context) {
    offered = context && typeof context === "object" ? cut(context) : null
    if (offered && !/^https?:\/\/\S+$/.test(offered.url)) offered.url = ""
    left = ""
    showPage()
  }

  window.addEventListener("chainlit-call-fn", (event) => {
    if (event.detail?.name !== "stagecraft_context") return
    const shown = page()
    event.detail.callback(shown && left !== marked(shown) ? shown : {})
  })

  // ---- The way in: the portal's server gives a ticket for this browser, which exchanges it for a session.

  const base64url = (bytes) => btoa(String.fromCharCode(...new Uint8Array(bytes))).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "")

  async function told(address, body, credentials) {
    const answer = await fetch(address, { method: "POST", credentials, headers: { "Content-Type": "application/json", "Accept-Language": language }, body: JSON.stringify(body) })
    const said = await answer.json().catch(() => ({}))
    if (!answer.ok) throw new Error(typeof said.error === "string" ? said.error.slice(0, 400) : texts.failed)
    return said
  }

  async function enter() {
    const secret = base64url(crypto.getRandomValues(new Uint8Array(32)))
    const challenge = base64url(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(secret)))
    const { ticket } = await told(tag.dataset.ticket || "/stagecraft/ticket", { challenge }, "same-origin")
    const entered = await told(`${base}widget/enter`, { ticket, secret, language }, "include")
    // The chat of whoever was here before is not this person's.
    if (localStorage.getItem(VISITOR) !== entered.visitor) localStorage.removeItem(THREAD)
    localStorage.setItem(VISITOR, entered.visitor)
    clearTimeout(renewal)
    renewal = setTimeout(() => enter().catch(() => {}), Math.min(entered.seconds * 900, 2 ** 31 - 1))
  }

  // ---- The chat: loaded late, once.

  let renewal = 0
  let loading = null
  let watching = null

  function load() {
    loading ??= new Promise((done, failed) => {
      const script = document.createElement("script")
      script.src = base + settings.chat
      script.onload = done
      script.onerror = () => { script.remove(); loading = null; failed(new Error(texts.failed)) }
      document.head.append(script)
    })
    return loading
  }

  const host = () => document.getElementById("chainlit-copilot")
  const inside = (id) => host()?.shadowRoot.getElementById(id)

  async function open() {
    if (host()) { if (!inside("chainlit-copilot-chat")) window.toggleChainlitCopilot(); return }
    if (button.getAttribute("aria-busy") === "true") return
    say("")
    button.setAttribute("aria-busy", "true")
    status.textContent = texts.loading
    try {
      await Promise.all([load(), enter()])
      window.transports = ["websocket"]
      window.mountChainlitWidget({ chainlitServer: base.replace(/\/$/, ""), theme, language: { en: "en-US", zh: "zh-CN" }[language], opened: true, displayMode: "floating", customCssUrl: base + settings.look })
      mounted()
    } catch (error) {
      say(error instanceof TypeError ? texts.failed : error.message)
    } finally {
      button.removeAttribute("aria-busy")
      status.textContent = ""
    }
  }

  function mounted() {
    host().style.cssText = "all: initial; position: relative; z-index: 1000;"
    host().shadowRoot.getElementById("cl-shadow-root").classList.add(`sc-${position}`)
    launcher.hidden = true
    watching = new MutationObserver(dress)
    watching.observe(host().shadowRoot, { childList: true, subtree: true })
    dress()
  }

  const close = () => { if (inside("chainlit-copilot-chat")) window.toggleChainlitCopilot() }

  // The person signed out of the portal, or another one signs in.
  async function leave() {
    clearTimeout(renewal)
    watching?.disconnect()
    if (host()) { window.unmountChainlitWidget(); host().remove() }
    launcher.hidden = false
    for (const name of [THREAD, VISITOR]) localStorage.removeItem(name)
    await told(`${base}widget/leave`, {}, "include").catch(() => {})
  }

  // ---- What the chat lacks: a name for its button, and the page that goes along.

  function dress() {
    const button = inside("chainlit-copilot-button")
    const name = inside("chainlit-copilot-chat") ? texts.close : texts.open
    if (button && button.getAttribute("aria-label") !== name) button.setAttribute("aria-label", name)
    showPage()
  }

  function showPage() {
    const chat = inside("chainlit-copilot-chat")
    if (!chat) return
    const shown = page()
    const state = shown ? `${left === marked(shown)} ${marked(shown)}` : ""
    let chip = inside("stagecraft-page")
    if (chip?.dataset.state === state && chip.parentNode === chat) return
    const focused = chip?.contains(host().shadowRoot.activeElement)
    chip?.remove()
    if (!shown) return
    chip = made("div", "sc-page", "")
    chip.id = "stagecraft-page"
    chip.dataset.state = state
    const out = left === marked(shown)
    const press = made("button", "sc-page-press", out ? `＋ ${texts.with}` : "×")
    press.type = "button"
    press.onclick = () => { left = out ? "" : marked(shown); showPage() }
    if (out) chip.append(press)
    else {
      press.setAttribute("aria-label", texts.without)
      press.title = texts.without
      const name = made("span", "sc-page-name", shown.title || texts.unnamed)
      name.title = [texts.page, shown.title, shown.url].filter(Boolean).join("\n")
      chip.append(made("span", "sc-page-word", texts.page), name, press)
    }
    chat.append(chip)
    if (focused) press.focus()
  }

  function made(kind, className, text) {
    const element = document.createElement(kind)
    element.className = className
    element.textContent = text
    return element
  }

  // ---- The button, in a root of its own: the portal's style does not reach it, and its own reaches nothing of the portal.

  const launcher = document.createElement("div")
  launcher.id = "stagecraft-widget"
  const root = launcher.attachShadow({ mode: "open" })
  const look = new CSSStyleSheet()
  look.replaceSync(`
    :host { all: initial; position: fixed; bottom: 32px; ${position}: 32px; z-index: 1000; font: 14px/1.45 system-ui, "Noto Sans CJK SC", "PingFang SC", "Microsoft YaHei", sans-serif; }
    :host([hidden]) { display: none; }
    button { font: inherit; cursor: pointer; }
    .open { display: grid; place-items: center; width: 64px; height: 64px; padding: 0; border: 0; border-radius: 50%; color: #fff; background: hsl(204 68% 26%); box-shadow: 0 4px 14px hsl(215 30% 10% / .28); }
    .open:hover { background: hsl(204 68% 32%); }
    button:focus-visible { outline: 3px solid hsl(204 68% 56%); outline-offset: 3px; }
    .open svg { width: 28px; height: 28px; }
    .open[aria-busy=true] svg { animation: turn 1.2s linear infinite; }
    @keyframes turn { to { transform: rotate(360deg); } }
    @media (prefers-reduced-motion: reduce) { .open[aria-busy=true] svg { animation: none; opacity: .5; } }
    .told { position: absolute; bottom: 76px; ${position}: 0; width: max-content; max-width: min(320px, 80vw); padding: 12px 14px; border-radius: 10px; color: hsl(215 30% 16%); background: #fff; border: 1px solid hsl(212 18% 82%); box-shadow: 0 4px 14px hsl(215 30% 10% / .18); }
    .told p { margin: 0 0 8px; }
    .told button { margin-inline-end: 8px; padding: 5px 12px; border: 1px solid hsl(212 18% 72%); border-radius: 6px; color: inherit; background: #fff; }
    .quiet { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
  `)
  root.adoptedStyleSheets = [look]
  const button = made("button", "open", "")
  button.type = "button"
  button.setAttribute("aria-label", texts.open)
  button.title = texts.open
  button.onclick = open
  const drawn = document.createElementNS("http://www.w3.org/2000/svg", "svg")
  for (const [name, value] of Object.entries({ viewBox: "0 0 24 24", fill: "none", stroke: "currentColor", "stroke-width": "2", "stroke-linecap": "round", "stroke-linejoin": "round", "aria-hidden": "true" })) drawn.setAttribute(name, value)
  const path = document.createElementNS("http://www.w3.org/2000/svg", "path")
  path.setAttribute("d", "M21 15a2 2 0 0 1-2 2H8l-5 4V5a2 2 0 0 1 2-2h14a2 2 0 0 1 2 2zM8 9h8M8 13h5")
  drawn.append(path)
  button.append(drawn)
  const status = made("span", "quiet", "")
  status.setAttribute("role", "status")
  root.append(status, button)

  // Say why it did not open, with a way to try again; an empty text takes it away.
  function say(sentence) {
    root.querySelector(".told")?.remove()
    if (!sentence) return
    const note = made("div", "told", "")
    note.setAttribute("role", "alert")
    const again = made("button", "", texts.again)
    const dismiss = made("button", "", texts.dismiss)
    again.onclick = open
    dismiss.onclick = () => { say(""); button.focus() }
    note.append(made("p", "", sentence), again, dismiss)
    root.append(note)
  }

  window.Stagecraft = Object.freeze({ setContext, open, close, leave })
  const begin = () => {
    document.body.append(launcher)
    // At rest, the browser fetches what would otherwise be waited for; nobody is signed in by that.
    if (chosen("load", ["open", "idle"]) === "idle") (window.requestIdleCallback ?? ((work) => setTimeout(work, 2000)))(() => load().catch(() => {}))
  }
  if (document.body) begin(); else document.addEventListener("DOMContentLoaded", begin)
})()
