// What a person reads first: what Stagecraft does, which model answers, and examples to try.
import { BookOpen, BookText, FlaskConical, KeyRound, Library, ServerCog, UserRound } from "lucide-react"
import { useEffect } from "react"
import { Button } from "@/components/ui/button"

// A link from a tool or from Slack names the card that it means; once asked for, the address forgets it.
function useNamedCard() {
  useEffect(() => {
    const address = new URL(window.location.href)
    const artifact = address.searchParams.get("artifact")
    if (!artifact) return
    address.searchParams.delete("artifact")
    window.history.replaceState(null, "", address)
    const show = () => [...document.querySelectorAll(".sc-card")].pop()?.scrollIntoView({ block: "start" })
    callAction({ name: "open_card", payload: { artifact_id: artifact } }).then(() => setTimeout(show, 300))
  }, [])
}

export default function Welcome() {
  useNamedCard()
  return (
    <section className="sc-welcome" aria-label={props.title}>
      <h2>{props.title}</h2>
      {props.lines.map((line) => <p key={line}>{line}</p>)}
      <ul className="sc-facts">
        <li className={props.demonstration ? "sc-demonstration" : ""}>{props.demonstration ? <FlaskConical aria-hidden="true" /> : <ServerCog aria-hidden="true" />}<span>{props.model}</span></li>
        {props.notices.map((notice) => <li key={notice}><BookOpen aria-hidden="true" /><span>{notice}</span></li>)}
        <li><UserRound aria-hidden="true" /><span>{props.person}</span></li>
      </ul>
      {props.desks.length > 0 && <div className="sc-row">{props.desks.map((desk) => <Button key={desk.desk} variant="outline" size="sm" className={`sc-open-${desk.desk}`} onClick={() => callAction({ name: "open_desk", payload: { desk: desk.desk } })}>{desk.desk === "terms" ? <BookText aria-hidden="true" /> : <Library aria-hidden="true" />}{desk.title}</Button>)}</div>}
      {(props.links || []).length > 0 && <div className="sc-row">{props.links.map((link) => <a key={link.href} className="sc-link" href={link.href}><KeyRound aria-hidden="true" />{link.title}</a>)}</div>}
      <h3>{props.startersTitle}</h3>
      <div className="sc-stages">
        {props.stages.map((stage) => (
          <div key={stage.title} className="sc-stage">
            <h4>{stage.title}</h4>
            <p className="sc-quiet">{stage.about}</p>
            {stage.starters.map((starter) => <Button key={starter.label} variant="outline" size="sm" className="sc-starter" title={starter.brief} onClick={() => sendUserMessage(starter.brief, stage.title)}>{starter.label}</Button>)}
          </div>
        ))}
      </div>
    </section>
  )
}
