// The curator's desk: files on their way into the knowledge, what became of each, and a search to try them with.
// Every word and number comes from the server in `props`; what is pressed goes back as ids and what was typed.
import { useState } from "react"
import { Check, CircleX, Clock, FileText, Info, Loader2, Search, Trash2 } from "lucide-react"
import { Button } from "@/components/ui/button"
import { Input } from "@/components/ui/input"

const ICONS = { queued: Clock, reading: Loader2, ready: Check, refused: CircleX }

function File({ file, labels, act }) {
  const [error, setError] = useState("")
  const [busy, setBusy] = useState(false)
  const [sure, setSure] = useState(false)
  const Icon = ICONS[file.state]
  const press = async (name, payload) => {
    setBusy(true); setError("")
    const answer = await act(name, payload)
    setBusy(false); setSure(false)
    if (!answer.ok) setError(answer.error)
  }
  return (
    <li className={`sc-file sc-file-${file.state}`} data-file={file.name}>
      <Icon aria-hidden="true" className={file.state === "reading" ? "sc-spin" : ""} />
      <div className="sc-file-words">
        <p className="sc-file-name">{file.name} <span className={`sc-badge sc-file-badge-${file.state}`}>{file.stateText}</span>{file.openness && <span className="sc-badge">{file.openness}</span>}</p>
        {file.about && <p className="sc-quiet">{file.about}</p>}
        {file.reason && <p className="sc-file-reason">{file.reason}</p>}
        {error && <p role="alert" className="sc-finding sc-error"><CircleX aria-hidden="true" /><span>{error}</span></p>}
      </div>
      <div className="sc-row">
        {file.approvable && <Button size="sm" variant="outline" className="sc-approve" disabled={busy} aria-label={`${file.approveText}: ${file.name}`} onClick={() => press("approve_asset", { asset_id: file.asset })}><Check aria-hidden="true" />{file.approveText}</Button>}
        {file.removable && <Button size="sm" variant={sure ? "destructive" : "ghost"} className="sc-remove" disabled={busy} aria-label={`${sure ? labels.remove_sure : labels.remove}: ${file.name}`} onBlur={() => setSure(false)} onClick={() => sure ? press("remove_upload", { upload_id: file.id }) : setSure(true)}><Trash2 aria-hidden="true" />{sure ? labels.remove_sure : labels.remove}</Button>}
      </div>
    </li>
  )
}

function Hit({ hit, number, labels }) {
  return (
    <details className="sc-source sc-hit" open={number === 1}>
      <summary aria-label={`${labels.hit} ${number}: ${hit.title}`}><span className="sc-chip">{number}</span><span className="sc-source-title">{hit.title}{hit.section && <> › {hit.section}</>}</span></summary>
      <blockquote><cite>{hit.from}</cite>{hit.text}</blockquote>
    </details>
  )
}

// What was typed and found stays here, in the page: a search is tried, not recorded.
function TrySearch({ labels, act }) {
  const [text, setText] = useState("")
  const [found, setFound] = useState(null)
  const [error, setError] = useState("")
  const [busy, setBusy] = useState(false)
  const search = async () => {
    if (busy || !text.trim()) return
    setBusy(true); setError("")
    const answer = await act("search_knowledge", { text })
    setBusy(false)
    if (answer.ok) setFound(answer.hits); else setError(answer.error)
  }
  const keys = (event) => { if (event.key === "Enter") search(); event.stopPropagation() }
  return (
    <div className="sc-try">
      <h4>{labels.search}</h4>
      <div className="sc-row"><Input value={text} maxLength={2000} placeholder={labels.search_hint} aria-label={labels.search} onChange={(event) => setText(event.target.value)} onKeyDown={keys} /><Button size="sm" className="sc-search" disabled={busy || !text.trim()} onClick={search}>{busy ? <Loader2 aria-hidden="true" className="sc-spin" /> : <Search aria-hidden="true" />}{labels.search_go}</Button></div>
      {error && <p role="alert" className="sc-finding sc-error"><CircleX aria-hidden="true" /><span>{error}</span></p>}
      <div role="status">
        {found && (found.length ? <div className="sc-hits">{found.map((hit, at) => <Hit key={hit.id} hit={hit} number={at + 1} labels={labels} />)}</div> : <p className="sc-quiet">{labels.search_none}</p>)}
      </div>
    </div>
  )
}

function KnowledgeDesk({ desk, call }) {
  const labels = desk.labels
  const act = async (name, payload) => {
    try { return (await call({ name, payload })).response } catch { return { ok: false, error: labels.unreachable } }
  }
  return (
    <section className="sc-card sc-desk" aria-label={labels.knowledge}>
      <header>
        <p className="sc-kicker">{labels.knowledge}</p>
        <p>{desk.counts}</p>
        {desk.notices.map((notice) => <p key={notice} className="sc-finding sc-hint"><Info aria-hidden="true" /><span>{notice}</span></p>)}
      </header>
      <div className="sc-desk-part">
        <h4>{labels.files}</h4>
        {desk.mayUpload && <p className="sc-quiet"><FileText aria-hidden="true" /> {labels.drop}</p>}
        {desk.files.length > 0 ? <ul className="sc-files" aria-live="polite">{desk.files.map((file) => <File key={file.id} file={file} labels={labels} act={act} />)}</ul> : <p className="sc-quiet">{labels.no_files}</p>}
      </div>
      <div className="sc-desk-part"><TrySearch labels={labels} act={act} /></div>
    </section>
  )
}

// Kept from the first evaluation, as in ArtifactCard.jsx: what a person has typed outlives an update.
const kept = (window.stagecraft = window.stagecraft || {})
kept.KnowledgeDesk = kept.KnowledgeDesk || KnowledgeDesk
const Stable = kept.KnowledgeDesk
export default <Stable desk={props} call={callAction} />
