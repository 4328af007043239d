// The card of an artifact, for every stage: what was drafted, what it rests on, what the checks found, and what a person decides.
// Every word and number comes from the server in `props`; what is pressed goes back as ids, a version and what was typed.
import { useEffect, useRef, useState } from "react"
import { ArrowRight, BookOpen, BookText, Check, CircleX, Download, FileText, Info, Loader2, Pencil, RotateCcw, TriangleAlert, Undo2, Wrench } from "lucide-react"
import { Button } from "@/components/ui/button"
import { Textarea } from "@/components/ui/textarea"

const ENDED = ["failed", "stopped", "questions"]
const ICONS = { error: CircleX, warning: TriangleAlert, hint: Info }

function Words({ parts, labels }) {
  return (parts || []).map((part, at) => part.term ? <Term key={at} part={part} labels={labels} /> : <span key={at}>{part.text}</span>)
}

// A glossary word: underlined, its definition on hover and on focus; Escape closes it.
function Term({ part, labels }) {
  const mark = part.kind === "term" ? "" : part.kind === "forbidden" ? labels.forbidden : labels.unlisted
  return (
    <span className={`sc-term sc-term-${part.kind}`} tabIndex={0} onKeyDown={(event) => event.key === "Escape" && event.currentTarget.blur()}>
      {part.text}
      {mark && <span className="sc-term-mark">{mark}</span>}
      <span role="tooltip" className="sc-tip"><strong>{part.kind === "term" ? part.term : mark}</strong>{part.definition}</span>
    </span>
  )
}

function Findings({ findings }) {
  if (!findings || !findings.length) return null
  return (
    <ul className="sc-findings">
      {findings.map((finding, at) => {
        const Icon = ICONS[finding.severity]
        return <li key={at} className={`sc-finding sc-${finding.severity}`}><Icon aria-hidden="true" /><span><b>{finding.severityText}</b> {finding.message}</span></li>
      })}
    </ul>
  )
}

function Mends({ mends, labels }) {
  if (!mends || !mends.length) return null
  return (
    <details className="sc-fold sc-mends">
      <summary><Wrench aria-hidden="true" />{labels.mended} ({mends.length})</summary>
      {mends.map((mend, at) => <p key={at}><span className="sc-sr">{labels.before}: </span><del>{mend.before}</del><ArrowRight aria-hidden="true" /><span className="sc-sr">{labels.after}: </span><ins>{mend.after}</ins></p>)}
    </details>
  )
}

function Source({ source, labels }) {
  return (
    <details className="sc-source">
      <summary aria-label={`${labels.source} ${source.n}: ${source.title}${source.section ? `, ${source.section}` : ""}`}><span className="sc-chip">{source.n}</span><span className="sc-source-title">{source.title}{source.section && <> › {source.section}</>}</span></summary>
      <blockquote><cite>{source.breadcrumb || source.title}</cite>{source.text}</blockquote>
    </details>
  )
}

// The examples of an outline: the row that carries the keyword is the heading.
function Table({ rows }) {
  const [heading, ...others] = rows
  return (
    <div className="sc-table">
      <b>{heading.keyword}</b>
      <table>
        <thead><tr>{heading.cells.map((cell, at) => <th key={at} scope="col">{cell}</th>)}</tr></thead>
        <tbody>{others.map((row, at) => <tr key={at}>{row.cells.map((cell, place) => <td key={place}>{cell}</td>)}</tr>)}</tbody>
      </table>
    </div>
  )
}

function Lines({ lines, labels }) {
  const rows = lines.filter((line) => line.cells && line.cells.length)
  return (
    <div className="sc-lines">
      {lines.filter((line) => !rows.includes(line)).map((line, at) => <p key={at} className={`sc-depth-${Math.min(line.depth, 3)}`}>{line.keyword && <b>{line.keyword} </b>}<Words parts={line.parts} labels={labels} /></p>)}
      {rows.length > 0 && <Table rows={rows} />}
    </div>
  )
}

// A text to write and two buttons: what was typed stays until the server has taken it.
function Writing({ label, hint, start, send, cancel, submit, labels }) {
  const [text, setText] = useState(start)
  const [error, setError] = useState("")
  const [busy, setBusy] = useState(false)
  const field = useRef(null)
  useEffect(() => { field.current && field.current.focus() }, [])
  const save = async () => {
    if (busy || !text.trim()) return
    setBusy(true); setError("")
    const answer = await submit(text)
    setBusy(false)
    if (answer.ok) cancel(); else setError(answer.error)
  }
  const keys = (event) => {
    if (event.key === "Escape") cancel()
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) save()
    event.stopPropagation()
  }
  return (
    <div className="sc-writing">
      <label>{label}<Textarea ref={field} value={text} rows={Math.min(12, Math.max(3, text.split("\n").length + 1))} onChange={(event) => setText(event.target.value)} onKeyDown={keys} aria-invalid={!!error} /></label>
      {hint && <p className="sc-quiet">{hint}</p>}
      {error && <p role="alert" className="sc-finding sc-error"><CircleX aria-hidden="true" /><span>{error}</span></p>}
      <div className="sc-row"><Button size="sm" disabled={busy || !text.trim()} onClick={save}>{busy ? labels.busy : send}</Button><Button size="sm" variant="ghost" onClick={cancel}>{labels.cancel}</Button></div>
    </div>
  )
}

// Accept, edit and reject, for one item or for the whole artifact.
function Decide({ card, item, act, labels }) {
  const [writing, setWriting] = useState("")
  const [error, setError] = useState("")
  const [busy, setBusy] = useState(false)
  const ids = { artifact_id: card.artifactId, version: card.version }
  const status = item ? item.status : card.badge.tone
  const accept = async () => {
    setBusy(true); setError("")
    const answer = await act("accept", { ...ids, item: item ? item.id : "" })
    setBusy(false)
    if (!answer.ok) setError(answer.error)
  }
  const row = useRef(null)
  const closed = useRef("")
  const close = () => { closed.current = writing; setWriting("") }
  useEffect(() => { if (!writing && closed.current && row.current) row.current.querySelector(`.sc-${closed.current}`)?.focus() }, [writing])
  if (writing === "edit") return <Writing label={labels.edit} hint={labels.edit_hint} start={item.editText} send={labels.save} cancel={close} labels={labels} submit={(text) => act("edit", { ...ids, item: item.id, text })} />
  if (writing === "reject") return <Writing label={labels.reason} start="" send={labels.reason_send} cancel={close} labels={labels} submit={(reason) => act("reject", { ...ids, item: item ? item.id : "", reason })} />
  const about = item ? `: ${item.title}` : ""
  return (
    <div className="sc-row" ref={row}>
      <Button size="sm" className="sc-accept" variant={item ? "outline" : "default"} disabled={busy || status === "accepted"} onClick={accept} aria-label={(item ? labels.accept : labels.accept_all) + about}><Check aria-hidden="true" />{item ? labels.accept : labels.accept_all}</Button>
      {item && <Button size="sm" className="sc-edit" variant="ghost" disabled={busy} onClick={() => setWriting("edit")} aria-label={labels.edit + about}><Pencil aria-hidden="true" />{labels.edit}</Button>}
      <Button size="sm" className="sc-reject" variant="ghost" disabled={busy || status === "rejected"} onClick={() => setWriting("reject")} aria-label={(item ? labels.reject : labels.reject_all) + about}><Undo2 aria-hidden="true" />{item ? labels.reject : labels.reject_all}</Button>
      {error && <p role="alert" className="sc-finding sc-error"><CircleX aria-hidden="true" /><span>{error}</span></p>}
    </div>
  )
}

function Item({ card, item, act, labels }) {
  const sources = (item.sources || []).map((number) => card.sources[number - 1])
  return (
    <li className={`sc-item sc-status-${item.status || "open"}`} data-item={item.id}>
      <div className="sc-item-head"><span className="sc-id">{item.id}</span><h4>{item.titleParts ? <Words parts={item.titleParts} labels={labels} /> : item.title}</h4>{item.badge && <span className={`sc-badge sc-tone-${item.badge.tone}`}>{item.badge.text}</span>}</div>
      {item.link && <p className="sc-quiet">{item.link}</p>}
      <Lines lines={item.lines} labels={labels} />
      {sources.length > 0 && <div className="sc-sources" aria-label={labels.sources}>{sources.map((source) => <Source key={source.n} source={source} labels={labels} />)}</div>}
      <Findings findings={item.findings} />
      <Mends mends={item.mends} labels={labels} />
      {card.phase === "ready" && <Decide card={card} item={item} act={act} labels={labels} />}
    </li>
  )
}

// A text of the server, fetched when it is opened: the artifact's source or the prompt as it was sent.
function Fetched({ href, title, icon: Icon, labels, api }) {
  const [text, setText] = useState(null)
  const [copied, setCopied] = useState(false)
  const open = async (event) => {
    if (!event.currentTarget.open) return
    try {
      const answer = await fetch(api.buildEndpoint(href), { credentials: "include" })
      setText(answer.ok ? await answer.text() : (await answer.json()).error)
    } catch { setText(labels.unreachable) }
  }
  const copy = async () => { await navigator.clipboard.writeText(text); setCopied(true); setTimeout(() => setCopied(false), 2000) }
  return (
    <details className="sc-fold sc-fetched" onToggle={open}>
      <summary><Icon aria-hidden="true" />{title}</summary>
      {text === null ? <p className="sc-quiet">{labels.busy} …</p> : <div className="sc-raw"><Button size="sm" variant="outline" onClick={copy} aria-live="polite">{copied ? labels.copied : labels.copy}</Button><pre tabIndex={0}>{text}</pre></div>}
    </details>
  )
}

function Progress({ progress, labels }) {
  const [seconds, setSeconds] = useState(0)
  useEffect(() => { const clock = setInterval(() => setSeconds((before) => before + 1), 1000); return () => clearInterval(clock) }, [])
  return (
    <div className="sc-progress">
      <p role="status"><Loader2 aria-hidden="true" className="sc-spin" />{progress.text} …</p><span className="sc-quiet">{seconds} {labels.seconds}</span>
      {progress.expected > 0 && <div className="sc-bar" aria-hidden="true"><div style={{ width: `${Math.round((100 * progress.done) / progress.expected)}%` }} /></div>}
    </div>
  )
}

// An answer that ended without an artifact: why, what is kept, and one press to ask again.
function Ended({ card, ask, api, labels }) {
  const [error, setError] = useState("")
  const again = async (brief) => { const answer = await ask({ ...card.retry, brief }); setError(answer.ok ? "" : answer.error) }
  return (
    <div className="sc-ended">
      {card.error && <p role={card.phase === "failed" ? "alert" : "status"} className={`sc-finding sc-${card.phase === "failed" ? "error" : "hint"}`}>{card.phase === "failed" ? <CircleX aria-hidden="true" /> : <Info aria-hidden="true" />}<span>{card.error}</span></p>}
      <Findings findings={card.findings} />
      {card.questions.length > 0 && <ul className="sc-questions">{card.questions.map((question) => <li key={question}>{question}</li>)}</ul>}
      {card.examples.length > 0 && <div className="sc-examples"><p className="sc-quiet">{labels.examples}</p>{card.examples.map((example) => <Button key={example} variant="outline" size="sm" onClick={() => again(example)}>{example}</Button>)}</div>}
      {card.draft && <details className="sc-fold"><summary><FileText aria-hidden="true" />{labels.draft}</summary><pre tabIndex={0}>{card.draft}</pre></details>}
      {card.promptHref && <Fetched href={card.promptHref} title={labels.prompt} icon={Info} labels={labels} api={api} />}
      {error && <p role="alert" className="sc-finding sc-error"><CircleX aria-hidden="true" /><span>{error}</span></p>}
      {card.phase !== "questions" && <div className="sc-row"><Button size="sm" className="sc-retry" onClick={() => again(card.retry.brief)}><RotateCcw aria-hidden="true" />{labels.retry}</Button></div>}
    </div>
  )
}

function Whole({ card, act, ask, api, labels }) {
  const [error, setError] = useState("")
  const carryOn = async (next) => { const answer = await ask({ stage: next.stage, brief: next.brief, upstream: [card.artifactId] }); setError(answer.ok ? "" : answer.error) }
  const accepted = card.badge.tone === "accepted"
  return (
    <footer>
      {card.questions.length > 0 && <details className="sc-fold" open><summary><Info aria-hidden="true" />{labels.assumptions}</summary><ul className="sc-questions">{card.questions.map((question) => <li key={question}>{question}</li>)}</ul></details>}
      <Findings findings={card.findings} />
      <Mends mends={card.mends} labels={labels} />
      <div className="sc-decision"><Decide card={card} act={act} labels={labels} />{card.next.map((next) => <Button key={next.stage} size="sm" className="sc-next" variant={accepted ? "default" : "outline"} onClick={() => carryOn(next)}>{next.label}<ArrowRight aria-hidden="true" /></Button>)}</div>
      {error && <p role="alert" className="sc-finding sc-error"><CircleX aria-hidden="true" /><span>{error}</span></p>}
      <div className="sc-tools">
        {card.sources.length > 0 && <details className="sc-fold sc-all-sources"><summary><BookOpen aria-hidden="true" />{labels.sources} ({card.sources.length})</summary><div className="sc-sources">{card.sources.map((source) => <Source key={source.n} source={source} labels={labels} />)}</div></details>}
        {card.terms.length > 0 && <details className="sc-fold sc-glossary"><summary><BookText aria-hidden="true" />{labels.glossary} ({card.terms.length})</summary><dl>{card.terms.map((term) => <div key={term.name}><dt>{term.name}</dt><dd>{term.definition}</dd></div>)}</dl></details>}
        {card.sourceHref && <Fetched key={card.sourceHref} href={card.sourceHref} title={labels.view_source} icon={FileText} labels={labels} api={api} />}
        {card.promptHref && <Fetched href={card.promptHref} title={labels.prompt} icon={Info} labels={labels} api={api} />}
        {card.downloads.length > 0 && <p className="sc-downloads"><Download aria-hidden="true" />{labels.downloads}{card.downloads.map((file) => <a key={file.href} href={api.buildEndpoint(file.href)} download>{file.title}</a>)}</p>}
      </div>
    </footer>
  )
}

function ArtifactCard({ shown, call, api }) {
  const [newer, setNewer] = useState(null)
  const card = newer && newer.version >= (shown.version || 0) ? newer : shown
  const labels = card.labels
  const act = async (name, payload) => {
    try {
      const answer = (await call({ name, payload })).response
      if (answer.card) setNewer(answer.card); else setNewer(null)
      return answer
    } catch { return { ok: false, error: labels.unreachable } }
  }
  const ask = (payload) => act("ask", payload)
  return (
    <section className={`sc-card sc-phase-${card.phase}`} aria-label={`${card.stageTitle} ${card.title}`} aria-busy={card.phase === "working"}>
      <header>
        <p className="sc-kicker">{card.stageTitle}<span className={`sc-badge sc-tone-${card.badge.tone}`}>{card.badge.text}</span>{card.versionText && <span className="sc-quiet">{card.versionText}</span>}{card.demonstration && <span className="sc-badge sc-tone-demonstration" title={card.notice}>{card.demonstrationText}</span>}</p>
        {card.title && <h3>{card.title}</h3>}
        {card.notice && <p className="sc-quiet">{card.notice}</p>}
        {(card.notices || []).map((notice) => <p key={notice} className="sc-finding sc-hint"><Info aria-hidden="true" /><span>{notice}</span></p>)}
      </header>
      {card.phase === "working" && <Progress progress={card.progress} labels={labels} />}
      {ENDED.includes(card.phase) && <Ended card={card} ask={ask} api={api} labels={labels} />}
      {card.items.length > 0 && <ol className="sc-items">{card.items.map((item) => <Item key={item.id} card={card} item={item} act={act} labels={labels} />)}</ol>}
      {card.phase === "ready" && <Whole card={card} act={act} ask={ask} api={api} labels={labels} />}
    </section>
  )
}

// The page evaluates this file anew at every update. Keeping the first evaluation's component keeps what a person has typed or
// opened: to React a function of another evaluation would be another component, mounted from scratch.
const kept = (window.stagecraft = window.stagecraft || {})
kept.ArtifactCard = kept.ArtifactCard || ArtifactCard
const Stable = kept.ArtifactCard
export default <Stable shown={props} call={callAction} api={apiClient} />
