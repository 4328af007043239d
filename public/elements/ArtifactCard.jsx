// The card of an artifact, for every stage: what was drafted, what it rests on, what the checks found, and what a person decides.
// Every word and number comes from the server in `props`; what is pressed goes back as ids, a version and what was typed.
import { useEffect, useRef, useState } from "react"
import { ArrowRight, BookOpen, BookText, Check, CircleX, Download, FileText, History, Info, Loader2, Pencil, Play, RotateCcw, TriangleAlert, Undo2, Waypoints, Wrench } from "lucide-react"
import { Button } from "@/components/ui/button"
import { Textarea } from "@/components/ui/textarea"

const ENDED = ["failed", "stopped", "interrupted", "questions"]
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

// Rows of cells are one table; the row that carries a keyword is its heading and begins a new one.
function Rows({ rows }) {
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
  const groups = []
  for (const line of lines) {
    const isRow = line.cells && line.cells.length > 0
    const last = groups[groups.length - 1]
    if (isRow && last && last.rows && !line.keyword) last.rows.push(line)
    else groups.push(isRow ? { rows: [line] } : { line })
  }
  return (
    <div className="sc-lines">
      {groups.map(({ rows, line }, at) => rows ? <Rows key={at} rows={rows} /> : <p key={at} className={`sc-depth-${Math.min(line.depth, 3)}`}>{line.keyword && <b>{line.keyword} </b>}<Words parts={line.parts} labels={labels} /></p>)}
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

// Two texts as one: what went is struck through, what came is underlined.
function Pieces({ pieces, labels }) {
  return (
    <p className="sc-pieces">
      {pieces.map((piece, at) => piece.kind === "removed" ? <del key={at}><span className="sc-sr">{labels.removed}: </span>{piece.text}</del> : piece.kind === "added" ? <ins key={at}><span className="sc-sr">{labels.added}: </span>{piece.text}</ins> : <span key={at}>{piece.text}</span>)}
    </p>
  )
}

// A button that waits for its answer and shows why it was refused.
function Press({ name, payload, act, labels, children, className, variant = "outline" }) {
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState("")
  const press = async () => { setBusy(true); setError(""); const answer = await act(name, payload); setBusy(false); if (!answer.ok) setError(answer.error) }
  return (
    <>
      <Button size="sm" variant={variant} className={className} disabled={busy} onClick={press}>{busy && <Loader2 aria-hidden="true" className="sc-spin" />}{busy ? labels.busy : children}</Button>
      {error && <p role="alert" className="sc-finding sc-error"><CircleX aria-hidden="true" /><span>{error}</span></p>}
    </>
  )
}

// What waits for a person's word: an item written anew, shown as a difference.
function Proposal({ card, proposal, act, labels }) {
  const ids = { artifact_id: card.artifactId, proposal: proposal.id }
  return (
    <div className="sc-proposal" data-proposal={proposal.id}>
      <p className="sc-quiet">{proposal.title}</p>
      {proposal.remark && <p className="sc-quiet">“{proposal.remark}”</p>}
      <Pieces pieces={proposal.pieces} labels={labels} />
      <Findings findings={proposal.findings} />
      <div className="sc-row">
        <Press name="take_proposal" payload={ids} act={act} labels={labels} className="sc-take" variant="default"><Check aria-hidden="true" />{labels.take}</Press>
        <Press name="discard_proposal" payload={ids} act={act} labels={labels} className="sc-discard" variant="ghost">{labels.discard}</Press>
      </div>
    </div>
  )
}

// Why an item no longer fits what it rests on, and what can be done.
function Stale({ card, item, act, labels }) {
  const ids = { artifact_id: card.artifactId, version: card.version, item: item.id }
  return (
    <div className="sc-stale" role="note">
      {item.stale.map((reason, at) => <div key={at}><p className="sc-finding sc-warning"><TriangleAlert aria-hidden="true" /><span>{reason.sentence}</span></p>{reason.pieces.length > 0 && <Pieces pieces={reason.pieces} labels={labels} />}</div>)}
      <div className="sc-row">
        <Press name="refresh" payload={ids} act={act} labels={labels} className="sc-refresh"><RotateCcw aria-hidden="true" />{labels.refresh}</Press>
        <Press name="still_right" payload={ids} act={act} labels={labels} className="sc-still-right" variant="ghost">{labels.still_right}</Press>
      </div>
    </div>
  )
}

// What the brief leaves open: a likely answer to choose, an own one to write, or nothing.
function Clarify({ card, act, labels }) {
  const [answers, setAnswers] = useState({})
  const [skipped, setSkipped] = useState([])
  const points = card.openPoints.filter((point) => !skipped.includes(point.id))
  const given = points.filter((point) => (answers[point.id] || "").trim())
  if (!points.length) return null
  const say = (id, text) => setAnswers({ ...answers, [id]: text })
  return (
    <details className="sc-fold sc-clarify" open>
      <summary><Info aria-hidden="true" />{labels.clarify} ({points.length})</summary>
      {points.map((point) => (
        <div key={point.id} data-point={point.id} role="group" aria-label={point.question}>
          <p>{point.question}</p>
          <div className="sc-row">{point.suggestions.map((text) => <button key={text} type="button" className="sc-suggestion" aria-pressed={answers[point.id] === text} onClick={() => say(point.id, answers[point.id] === text ? "" : text)}>{text}</button>)}</div>
          <div className="sc-row"><input type="text" maxLength={400} aria-label={`${labels.own_answer}: ${point.question}`} placeholder={labels.own_answer} value={answers[point.id] || ""} onChange={(event) => say(point.id, event.target.value)} onKeyDown={(event) => event.stopPropagation()} /><Button size="sm" variant="ghost" onClick={() => setSkipped([...skipped, point.id])}>{labels.skip}</Button></div>
        </div>
      ))}
      {given.length > 0 && <div className="sc-row"><Press name="clarify" payload={{ artifact_id: card.artifactId, answers: Object.fromEntries(given.map((point) => [point.id, answers[point.id].trim()])) }} act={act} labels={labels} className="sc-clarify-send" variant="default">{labels.clarify_send}</Press></div>}
    </details>
  )
}

// Who made which version and why; each is shown beside the one before it.
function Versions({ card, act, labels }) {
  const [list, setList] = useState(null)
  const [shown, setShown] = useState(null)
  const [error, setError] = useState("")
  const ask = async (name, payload, take) => { const answer = await act(name, payload); setError(answer.ok ? "" : answer.error); if (answer.ok) take(answer) }
  const open = (event) => { if (event.currentTarget.open) ask("versions", { artifact_id: card.artifactId }, (answer) => setList(answer.versions)) }
  return (
    <details className="sc-fold sc-versions" onToggle={open}>
      <summary><History aria-hidden="true" />{labels.versions}</summary>
      {list === null && !error && <p className="sc-quiet">{labels.busy} …</p>}
      {error && <p role="alert" className="sc-finding sc-error"><CircleX aria-hidden="true" /><span>{error}</span></p>}
      {list && <ol>{list.map((version) => <li key={version.number}><span className="sc-chip">{version.number}</span><span>{version.told}</span>{version.number > 1 && <Button size="sm" variant="ghost" onClick={() => ask("compare", { artifact_id: card.artifactId, before: version.number - 1, after: version.number }, setShown)}>{labels.compare}</Button>}</li>)}</ol>}
      {shown && <div className="sc-compared" aria-live="polite"><p className="sc-quiet">{shown.title}</p>{shown.changes.map((change) => <div key={change.item}><p><span className="sc-id">{change.item}</span> <b>{change.title}</b></p><Pieces pieces={change.pieces} labels={labels} /></div>)}</div>}
    </details>
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
  if (writing === "redo") return <Writing label={labels.redo_remark} hint={labels.redo_hint} start="" send={labels.redo_send} cancel={close} labels={labels} submit={(remark) => act("redo", { ...ids, item: item.id, remark })} />
  if (writing === "reject") return <Writing label={labels.reason} start="" send={labels.reason_send} cancel={close} labels={labels} submit={(reason) => act("reject", { ...ids, item: item ? item.id : "", reason })} />
  const about = item ? `: ${item.title}` : ""
  return (
    <div className="sc-row" ref={row}>
      <Button size="sm" className="sc-accept" variant={item ? "outline" : "default"} disabled={busy || status === "accepted" || status === "reviewed" || status === "approved"} onClick={accept} aria-label={(item ? labels.accept : labels.accept_all) + about}><Check aria-hidden="true" />{item ? labels.accept : labels.accept_all}</Button>
      {item && <Button size="sm" className="sc-edit" variant="ghost" disabled={busy} onClick={() => setWriting("edit")} aria-label={labels.edit + about}><Pencil aria-hidden="true" />{labels.edit}</Button>}
      {item && card.canRedo && <Button size="sm" className="sc-redo" variant="ghost" disabled={busy} onClick={() => setWriting("redo")} aria-label={labels.redo + about}><RotateCcw aria-hidden="true" />{labels.redo}</Button>}
      {!item && status === "reviewed" && <Press name="approve" payload={ids} act={act} labels={labels} className="sc-approve" variant="default"><Check aria-hidden="true" />{labels.approve}</Press>}
      <Button size="sm" className="sc-reject" variant="ghost" disabled={busy || status === "rejected"} onClick={() => setWriting("reject")} aria-label={(item ? labels.reject : labels.reject_all) + about}><Undo2 aria-hidden="true" />{item ? labels.reject : labels.reject_all}</Button>
      {error && <p role="alert" className="sc-finding sc-error"><CircleX aria-hidden="true" /><span>{error}</span></p>}
    </div>
  )
}

function Item({ card, item, act, labels }) {
  const sources = (item.sources || []).map((number) => card.sources[number - 1])
  return (
    <li className={`sc-item sc-status-${item.status || "open"}`} data-item={item.id}>
      <div className="sc-item-head"><span className="sc-id">{item.id}</span><h4>{item.titleParts ? <Words parts={item.titleParts} labels={labels} /> : item.title}</h4>{(item.badges || []).map((mark) => <span key={mark} className="sc-badge">{mark}</span>)}{item.badge && <span className={`sc-badge sc-tone-${item.badge.tone}`}>{item.badge.text}</span>}</div>
      {item.link && <p className="sc-quiet">{item.link}</p>}
      <Lines lines={item.lines} labels={labels} />
      {sources.length > 0 && <div className="sc-sources" aria-label={labels.sources}>{sources.map((source) => <Source key={source.n} source={source} labels={labels} />)}</div>}
      <Findings findings={item.findings} />
      <Mends mends={item.mends} labels={labels} />
      {item.stale && item.stale.length > 0 && <Stale card={card} item={item} act={act} labels={labels} />}
      {item.proposal && <Proposal card={card} proposal={item.proposal} act={act} labels={labels} />}
      {card.phase === "ready" && <Decide card={card} item={item} act={act} labels={labels} />}
    </li>
  )
}

// The items in their order; those of one section stand under its heading.
function Items({ card, act, labels }) {
  const sections = []
  for (const item of card.items) {
    const last = sections[sections.length - 1]
    if (last && last.title === (item.section || "")) last.items.push(item)
    else sections.push({ title: item.section || "", items: [item] })
  }
  return sections.map((section, at) => (
    <div key={at} className="sc-section">
      {section.title && <h4 className="sc-section-title">{section.title}</h4>}
      <ol className="sc-items">{section.items.map((item) => <Item key={item.id} card={card} item={item} act={act} labels={labels} />)}</ol>
    </div>
  ))
}

// A text of the server, fetched when it is opened: the artifact's source or the prompt as it was sent.
function Fetched({ href, title, icon: Icon, labels, api }) {
  const [open, setOpen] = useState(false)
  return (
    <details className="sc-fold sc-fetched" onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary><Icon aria-hidden="true" />{title}</summary>
      {open && <Raw href={href} labels={labels} api={api} />}
    </details>
  )
}

function Raw({ href, labels, api }) {
  const [text, setText] = useState(null)
  const [copied, setCopied] = useState(false)
  useEffect(() => {
    const read = async () => {
      try {
        const answer = await fetch(api.buildEndpoint(href), { credentials: "include" })
        setText(answer.ok ? await answer.text() : (await answer.json()).error)
      } catch { setText(labels.unreachable) }
    }
    read()
  }, [href])
  const copy = async () => { await navigator.clipboard.writeText(text); setCopied(true); setTimeout(() => setCopied(false), 2000) }
  if (text === null) return <p className="sc-quiet">{labels.busy} …</p>
  return <div className="sc-raw"><Button size="sm" variant="outline" onClick={copy} aria-live="polite">{copied ? labels.copied : labels.copy}</Button><pre tabIndex={0}>{text}</pre></div>
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

// One press has an answer that was cut off go on: what is written stays.
function GoOn({ card, act, labels, setError }) {
  const [pressed, setPressed] = useState(false)
  const go = async () => { setPressed(true); const answer = await act("go_on", { turn_id: card.turnId }); setError(answer.ok ? "" : answer.error); setPressed(false) }
  return <Button size="sm" className="sc-go-on" disabled={pressed} onClick={go}><Play aria-hidden="true" />{labels.go_on}</Button>
}

// An answer that ended without an artifact: why, what is kept, and one press to ask again.
function Ended({ card, act, ask, api, labels }) {
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
      <div className="sc-row">
        {card.goOn && <GoOn card={card} act={act} labels={labels} setError={setError} />}
        {card.phase !== "questions" && !(card.goOn && card.phase === "interrupted") && <Button size="sm" className="sc-retry" variant={card.goOn ? "outline" : "default"} onClick={() => again(card.retry.brief)}><RotateCcw aria-hidden="true" />{labels.retry}</Button>}
      </div>
    </div>
  )
}

// A table of the whole artifact, such as the six columns of an API.
function Tables({ tables }) {
  return tables.map((table) => (
    <div key={table.title} className="sc-table sc-wide-table" tabIndex={0} role="region" aria-label={table.title}>
      <table>
        <caption>{table.title}</caption>
        <thead><tr>{table.columns.map((column, at) => <th key={at} scope="col">{column}</th>)}</tr></thead>
        <tbody>{table.rows.map((row, at) => <tr key={at}>{row.map((cell, place) => <td key={place}>{cell}</td>)}</tr>)}</tbody>
      </table>
    </div>
  ))
}

// A picture drawn by the server; where it cannot be drawn, the reason stands in its place. The source stands beside it.
function Diagram({ diagram, labels, api }) {
  const [failed, setFailed] = useState("")
  const [drawn, setDrawn] = useState(false)
  const explain = async () => {
    try { setFailed((await (await fetch(api.buildEndpoint(diagram.href), { credentials: "include" })).json()).error) } catch { setFailed(labels.unreachable) }
  }
  return (
    <figure className="sc-diagram">
      <figcaption>{diagram.title}</figcaption>
      {failed ? <p role="alert" className="sc-finding sc-warning"><TriangleAlert aria-hidden="true" /><span>{failed}</span></p> : <div className="sc-picture" tabIndex={0} role="region" aria-label={diagram.title}>{!drawn && <p className="sc-quiet" role="status">{labels.busy} …</p>}<img src={api.buildEndpoint(diagram.href)} alt={drawn ? diagram.title : ""} onLoad={() => setDrawn(true)} onError={explain} /></div>}
      <details className="sc-fold"><summary><FileText aria-hidden="true" />{labels.diagram_source}</summary><pre tabIndex={0}>{diagram.mermaid}</pre></details>
    </figure>
  )
}

// The views of one artifact; the arrow keys move between them.
function Views({ chosen, choose, views }) {
  const row = useRef(null)
  const move = (event) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key]
    if (!step) return
    const at = (views.findIndex((view) => view.name === chosen) + step + views.length) % views.length
    choose(views[at].name)
    row.current.children[at].focus()
  }
  return (
    <div className="sc-views" role="tablist" ref={row} onKeyDown={move}>
      {views.map((view) => <button key={view.name} type="button" role="tab" className={`sc-view-${view.name}`} aria-selected={view.name === chosen} tabIndex={view.name === chosen ? 0 : -1} onClick={() => choose(view.name)}>{view.title}</button>)}
    </div>
  )
}

// What comes next. A stage that needs a text of its own, such as a git log, asks for it first.
function CarryOn({ card, ask, labels, setError }) {
  const [pasting, setPasting] = useState("")
  const go = async (next, brief) => { const answer = await ask({ stage: next.stage, brief, shown: next.shown, upstream: [card.artifactId] }); setError(answer.ok ? "" : answer.error); return answer }
  const next = card.next.find((one) => one.stage === pasting)
  if (next) return <Writing label={next.label} hint={next.paste} start="" send={labels.carry_on_send} cancel={() => setPasting("")} labels={labels} submit={(text) => go(next, text)} />
  const ready = ["reviewed", "approved"].includes(card.badge.tone)
  return (
    <div className="sc-row sc-carry-on">{card.next.map((one, at) => <Button key={one.stage} size="sm" className={`sc-next sc-next-${one.stage}`} variant={ready && at === 0 ? "default" : "outline"} onClick={() => one.paste ? setPasting(one.stage) : go(one, "")}>{one.label}<ArrowRight aria-hidden="true" /></Button>)}</div>
  )
}

function Whole({ card, act, ask, api, labels }) {
  const [error, setError] = useState("")
  return (
    <footer>
      {(card.proposals || []).map((proposal) => <Proposal key={proposal.id} card={card} proposal={proposal} act={act} labels={labels} />)}
      {card.staleText && <div className="sc-stale"><p className="sc-finding sc-warning"><TriangleAlert aria-hidden="true" /><span>{card.staleText}</span></p><div className="sc-row"><Press name="refresh" payload={{ artifact_id: card.artifactId, version: card.version, item: "" }} act={act} labels={labels} className="sc-refresh-all"><RotateCcw aria-hidden="true" />{labels.refresh_all}</Press></div></div>}
      {card.openPoints && card.openPoints.length > 0 && <Clarify card={card} act={act} labels={labels} />}
      {card.questions.length > 0 && <details className="sc-fold" open><summary><Info aria-hidden="true" />{labels.assumptions}</summary><ul className="sc-questions">{card.questions.map((question) => <li key={question}>{question}</li>)}</ul></details>}
      <Findings findings={card.findings} />
      <Mends mends={card.mends} labels={labels} />
      <div className="sc-decision"><Decide card={card} act={act} labels={labels} /></div>
      {card.next.length > 0 && <CarryOn card={card} ask={ask} labels={labels} setError={setError} />}
      {card.goOn && <div className="sc-row"><GoOn card={card} act={act} labels={labels} setError={setError} /></div>}
      {error && <p role="alert" className="sc-finding sc-error"><CircleX aria-hidden="true" /><span>{error}</span></p>}
      <div className="sc-tools">
        {card.sources.length > 0 && <details className="sc-fold sc-all-sources"><summary><BookOpen aria-hidden="true" />{labels.sources} ({card.sources.length})</summary><div className="sc-sources">{card.sources.map((source) => <Source key={source.n} source={source} labels={labels} />)}</div></details>}
        {card.terms.length > 0 && <details className="sc-fold sc-glossary"><summary><BookText aria-hidden="true" />{labels.glossary} ({card.terms.length})</summary><dl>{card.terms.map((term) => <div key={term.name}><dt>{term.name}</dt><dd>{term.definition}</dd></div>)}</dl></details>}
        {card.canRedo && <Versions card={card} act={act} labels={labels} />}
        {card.canRedo && <Press name="trace" payload={{ artifact_id: card.artifactId }} act={act} labels={labels} className="sc-open-trace" variant="ghost"><Waypoints aria-hidden="true" />{labels.trace}</Press>}
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
  const [chosen, setView] = useState("items")
  const views = [["items", true], ["diagrams", card.diagrams && card.diagrams.length > 0], ["tables", card.tables && card.tables.length > 0], ["source", card.sourceHref]].filter(([, there]) => there).map(([name]) => ({ name, title: labels[`view_${name}`] }))
  const view = views.some((one) => one.name === chosen) ? chosen : "items"
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
      {ENDED.includes(card.phase) && !card.goOn && <Ended card={card} act={act} ask={ask} api={api} labels={labels} />}
      {views.length > 1 && <Views views={views} chosen={view} choose={setView} />}
      {view === "items" && card.items.length > 0 && <Items card={card} act={act} labels={labels} />}
      {view !== "items" && <div className="sc-view" role="tabpanel">{{
        tables: () => <Tables tables={card.tables} />,
        diagrams: () => card.diagrams.map((diagram) => <Diagram key={diagram.href} diagram={diagram} labels={labels} api={api} />),
        source: () => <Raw key={card.sourceHref} href={card.sourceHref} labels={labels} api={api} />,
      }[view]()}</div>}
      {ENDED.includes(card.phase) && card.goOn && <Ended card={card} act={act} ask={ask} api={api} labels={labels} />}
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
