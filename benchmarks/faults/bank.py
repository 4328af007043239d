"""A bank's files in versions: every passage says which version of which file it is, so that a half of one shows."""

import random
import re
from pathlib import Path

_SENTENCES = (
    "A branch officer confirms the identity of the customer before the limit is raised",
    "The reconciliation of card payments runs every night and reports each difference",
    "A standing order that fails twice is cancelled and the account holder is told",
    "Interest on savings is credited on the last working day of the month",
    "The complaint is answered in writing within ten working days of its arrival",
    "A blocked payee may be released by two officers of different departments",
    "客户经理须在两个工作日内完成开户资料的复核并登记结果",
    "大额转账须经两名授权人员在不同设备上确认后方可放行",
    "借记卡挂失后原卡立即失效补发新卡须核验本人身份",
    "贷款逾期超过三十天的客户由催收岗位电话联系并记录",
)
_MARK = re.compile(r"mark f(\d+)v(\d+) section (\d+) of (\d+) end")


def title_of(file: int) -> str:
    """Return the title of a file, in its language."""
    return f"规则 {file}" if file % 2 else f"Rule {file}"


def write_file(folder: Path, file: int, version: int, sections: int) -> None:
    """Write one version of a file whose every section carries its mark."""
    drawn = random.Random(file * 1000 + version)
    language = "zh" if file % 2 else "en"
    mine = _SENTENCES[6:] if language == "zh" else _SENTENCES[:6]
    stop = "。" if language == "zh" else ". "
    parts = [
        f"---\nshelf: rules\ntype: domain-rule\nowner: Tests\ngroups: [everyone]\nstatus: approved\nlanguage: {language}\n---\n"
    ]
    parts.append(f"# {title_of(file)}\n")
    for section in range(sections):
        said = stop.join(drawn.choice(mine) for _ in range(6)) + stop
        parts.append(f"\n## {section + 1}\n\nmark f{file}v{version} section {section} of {sections} end {said}\n")
    (folder / f"rule-{file}.{language}.md").write_text("".join(parts), "utf-8")


def write_round(folder: Path, number: int, *, files: int, sections: int) -> dict[int, int]:
    """Write the files as they stand in a round and return file → version; each round changes some, adds and removes some."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "pack.yaml").write_text(
        "name: faults\ntitle: {en: Faults, zh: 故障}\nabout: {en: Made., zh: 生成。}\nlicence: none\n", "utf-8"
    )
    versions = {}
    for file in range(files + files // 4):
        # A file is there three rounds of four, and new every third round, each at its own turn.
        former = next(folder.glob(f"rule-{file}.*.md"), None)
        if (file + number) % 4 == 0:
            if former is not None:
                former.unlink()
            continue
        versions[file] = (number + file % 3) // 3
        if former is None or f"mark f{file}v{versions[file]} " not in former.read_text("utf-8"):
            write_file(folder, file, versions[file], sections)
    return versions


def marks_in(text: str) -> list[tuple[int, int, int, int]]:
    """Return the marks of a text as (file, version, section, sections)."""
    return [(int(a), int(b), int(c), int(d)) for a, b, c, d in _MARK.findall(text)]


def broken(texts: list[str]) -> str:
    """Return what is wrong with the passages of one asset, "" where it is whole: one version, every section."""
    marks = [mark for text in texts for mark in marks_in(text)]
    if not marks:
        return "no mark"
    if len({mark[:2] for mark in marks}) > 1:
        return f"mixed versions: {sorted({mark[:2] for mark in marks})}"
    missing = set(range(marks[0][3])) - {mark[2] for mark in marks}
    return f"sections {sorted(missing)} of file {marks[0][0]} are missing" if missing else ""
