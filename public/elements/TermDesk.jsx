// The steward's desk: words that artifacts use and the glossary lacks, and terms that contradict each other, each to be settled.
import { useRef, useState, useEffect } from "react"
import { Check, CircleX, GitMerge, Info, Undo2 } from "lucide-react"
import { Button } from "@/components/ui/button"
import { Input } from "@/components/ui/input"
import { Textarea } from "@/components/ui/textarea"

function Failure({ error }) {
  return error ? <p role="alert" className="sc-finding sc-error"><CircleX aria-hidden="true" /><span>{error}</span></p> : null
}

// A new term: the name in both languages and what it means; only one name is needed.
function Accepting({ entry, desk, submit, cancel }) {
  const labels = desk.labels
  const [term, setTerm] = useState(entry.term)
  const [error, setError] = useState("")
  const [busy, setBusy] = useState(false)
  const first = useRef(null)
  useEffect(() => { first.current && first.current.focus() }, [])
  const set = (name) => (event) => setTerm({ ...term, [name]: event.target.value })
  const save = async () => {
    setBusy(true); setError("")
    const answer = await submit("accept_term", { id: entry.id, ...term })
    setBusy(false)
    if (!answer.ok) setError(answer.error)
  }
  const keys = (event) => { if (event.key === "Escape") cancel(); event.stopPropagation() }
  return (
    <div className="sc-term-form" onKeyDown={keys}>
      <label>{labels.english}<Input ref={entry.language === "zh" ? first : null} value={term.en} onChange={set("en")} maxLength={200} /></label>
      <label>{labels.chinese}<Input ref={entry.language === "zh" ? null : first} value={term.zh} onChange={set("zh")} maxLength={200} /></label>
      <label>{labels.kind}<select value={term.kind} onChange={set("kind")}>{desk.kinds.map((kind) => <option key={kind.id} value={kind.id}>{kind.title}</option>)}</select></label>
      <label className="sc-wide">{labels.definition}<Textarea rows={2} value={term.definition} onChange={set("definition")} maxLength={2000} /></label>
      <Failure error={error} />
      <div className="sc-row sc-wide"><Button size="sm" className="sc-save" disabled={busy || !(term.en.trim() || term.zh.trim())} onClick={save}>{busy ? labels.busy : labels.accept_term}</Button><Button size="sm" variant="ghost" onClick={cancel}>{labels.cancel}</Button></div>
    </div>
  )
}

// Another name of a term that is there already, or a word that must not stand for it.
function Merging({ entry, desk, submit, cancel }) {
  const labels = desk.labels
  const [name, setName] = useState("")
  const [forbidden, setForbidden] = useState(false)
  const [error, setError] = useState("")
  const field = useRef(null)
  useEffect(() => { field.current && field.current.focus() }, [])
  const list = `terms-${entry.id}`
  const save = async () => {
    setError("")
    // Chosen from the list or typed: any name of a term will do, and the server says where it does not.
    const chosen = desk.terms.find((term) => term.title === name)
    const answer = await submit("merge_term", { id: entry.id, into: chosen ? chosen.id : name, forbidden })
    if (!answer.ok) setError(answer.error)
  }
  const keys = (event) => { if (event.key === "Escape") cancel(); event.stopPropagation() }
  return (
    <div className="sc-term-form" onKeyDown={keys}>
      <label className="sc-wide">{labels.merge_into}<Input ref={field} list={list} value={name} onChange={(event) => setName(event.target.value)} /></label>
      <datalist id={list}>{desk.terms.map((term) => <option key={term.id} value={term.title} />)}</datalist>
      <label className="sc-check sc-wide"><input type="checkbox" checked={forbidden} onChange={(event) => setForbidden(event.target.checked)} />{labels.merge_forbidden}</label>
      <Failure error={error} />
      <div className="sc-row sc-wide"><Button size="sm" className="sc-save" disabled={!name.trim()} onClick={save}>{labels.merge}</Button><Button size="sm" variant="ghost" onClick={cancel}>{labels.cancel}</Button></div>
    </div>
  )
}

function Entry({ entry, desk, act }) {
  const labels = desk.labels
  const [doing, setDoing] = useState("")
  const [error, setError] = useState("")
  const submit = async (name, payload) => { const answer = await act(name, payload); if (answer.ok) setDoing(""); return answer }
  const refuse = async () => { setError(""); const answer = await act("refuse_term", { id: entry.id }); if (!answer.ok) setError(answer.error) }
  const cancel = () => setDoing("")
  return (
    <li className="sc-entry" data-term={entry.name}>
      <p className="sc-file-name">{entry.name} <span className="sc-badge">{entry.kindText}</span> <span className="sc-quiet">{entry.about}</span></p>
      {entry.example && <blockquote>{entry.example}</blockquote>}
      {entry.disputes.map((dispute) => <p key={dispute} className="sc-finding sc-warning"><Info aria-hidden="true" /><span>{dispute}</span></p>)}
      {desk.maySettle && !doing && <div className="sc-row">
        <Button size="sm" variant="outline" className="sc-accept" onClick={() => setDoing("accept")} aria-label={`${labels.accept}: ${entry.name}`}><Check aria-hidden="true" />{labels.accept}</Button>
        <Button size="sm" variant="ghost" className="sc-merge" onClick={() => setDoing("merge")} aria-label={`${labels.merge}: ${entry.name}`}><GitMerge aria-hidden="true" />{labels.merge}</Button>
        <Button size="sm" variant="ghost" className="sc-refuse" onClick={refuse} aria-label={`${labels.refuse}: ${entry.name}`}><Undo2 aria-hidden="true" />{labels.refuse}</Button>
      </div>}
      {doing === "accept" && <Accepting entry={entry} desk={desk} submit={submit} cancel={cancel} />}
      {doing === "merge" && <Merging entry={entry} desk={desk} submit={submit} cancel={cancel} />}
      <Failure error={error} />
    </li>
  )
}

function Entries({ title, about, none, entries, desk, act, className }) {
  return (
    <div className={`sc-desk-part ${className}`}>
      <h4>{title} ({entries.length})</h4>
      <p className="sc-quiet">{entries.length ? about : none}</p>
      {entries.length > 0 && <ul className="sc-files">{entries.map((entry) => <Entry key={entry.id} entry={entry} desk={desk} act={act} />)}</ul>}
    </div>
  )
}

function TermDesk({ shown, call }) {
  const [newer, setNewer] = useState(null)
  const desk = newer && newer.stamp > shown.stamp ? newer : shown
  const labels = desk.labels
  const act = async (name, payload) => {
    try {
      const answer = (await call({ name, payload })).response
      if (answer.desk) setNewer(answer.desk)
      return answer
    } catch { return { ok: false, error: labels.unreachable } }
  }
  return (
    <section className="sc-card sc-desk sc-term-desk" aria-label={labels.terms}>
      <header><p className="sc-kicker">{labels.terms}</p><p>{desk.counts}</p></header>
      <Entries className="sc-offers" title={labels.offers} about={labels.offers_about} none={labels.offers_none} entries={desk.offers} desk={desk} act={act} />
      <Entries className="sc-disputed" title={labels.disputed} about={labels.disputed_about} none={labels.disputed_none} entries={desk.disputed} desk={desk} act={act} />
    </section>
  )
}

// Kept from the first evaluation, as in ArtifactCard.jsx: what a person has typed outlives an update.
const kept = (window.stagecraft = window.stagecraft || {})
kept.TermDesk = kept.TermDesk || TermDesk
const Stable = kept.TermDesk
export default <Stable shown={props} call={callAction} />
