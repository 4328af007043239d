// The trace of a workspace: from each story to its scenarios, classes, endpoints, tests, release notes and questions, gaps marked.
import { useState } from "react"
import { CircleX, Download, RotateCcw, TriangleAlert } from "lucide-react"
import { Button } from "@/components/ui/button"

function Cell({ cell, labels }) {
  if (!cell.items.length) return <td className={cell.gap ? "sc-gap" : ""}>{cell.gap && <span className="sc-badge sc-tone-rejected">{labels.gap}</span>}</td>
  return (
    <td>
      <ul>{cell.items.map((item) => <li key={item.id + item.title} title={item.about}><span className="sc-id">{item.id}</span> {item.title}{item.stale && <span className="sc-badge sc-tone-demonstration" title={item.stale}><TriangleAlert aria-hidden="true" />{labels.stale}</span>}</li>)}</ul>
    </td>
  )
}

function Trace({ shown, call, api }) {
  const [newer, setNewer] = useState(null)
  const [error, setError] = useState("")
  const desk = newer || shown
  const labels = desk.labels
  const again = async () => {
    try {
      const answer = (await call({ name: "trace_again", payload: { workspace: desk.workspace } })).response
      if (answer.ok) { setNewer(answer.desk); setError("") } else setError(answer.error)
    } catch { setError(labels.unreachable) }
  }
  return (
    <section className="sc-card sc-desk sc-trace" aria-label={desk.title}>
      <header><p className="sc-kicker">{labels.title}</p><h3>{desk.title}</h3><p className="sc-quiet">{desk.counts}</p></header>
      {error && <p role="alert" className="sc-finding sc-error"><CircleX aria-hidden="true" /><span>{error}</span></p>}
      <div className="sc-desk-part">
        {desk.rows.length === 0 ? <p className="sc-quiet">{labels.empty}</p> : (
          <div className="sc-table sc-wide-table" tabIndex={0} role="region" aria-label={desk.title}>
            <table>
              <thead><tr>{desk.columns.map((column) => <th key={column} scope="col">{column}</th>)}</tr></thead>
              <tbody>{desk.rows.map((row, at) => <tr key={at}>{row.map((cell, place) => <Cell key={place} cell={cell} labels={labels} />)}</tr>)}</tbody>
            </table>
          </div>
        )}
        <div className="sc-row"><Button size="sm" variant="ghost" className="sc-trace-again" onClick={again}><RotateCcw aria-hidden="true" />{labels.again}</Button></div>
        <p className="sc-downloads"><Download aria-hidden="true" />{labels.downloads}{desk.downloads.map((file) => <a key={file.href} href={api.buildEndpoint(file.href)} download>{file.title}</a>)}</p>
      </div>
    </section>
  )
}

// As in ArtifactCard.jsx: the first evaluation's component is kept.
const kept = (window.stagecraft = window.stagecraft || {})
kept.TraceDesk = kept.TraceDesk || Trace
const Stable = kept.TraceDesk
export default <Stable shown={props} call={callAction} api={apiClient} />
