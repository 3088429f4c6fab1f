"""A question becomes an answer with its evidence, or an honest refusal.

    asked = question.understood("那昨天呢？", history, today="2024-08-27")     standalone, in dates
    hits = searcher.search(asked.text, limit=10, filters=asked.filters)
    Answerer(reader, gate, writer).answer(asked.text, hits)                    of `answering`

`question` understands (`times` knows 昨天, `followups` what a question leaves unsaid), `gate` decides from
`features` whether the evidence holds an answer, `choosing` weighs those that are pointed at, `extractive`
gives the likeliest, or `written` has a chat model write one and `support` weighs every sentence; `citing`
makes places in passages into citations that can be opened.
Document text is data everywhere: tests/test_injections.py.
"""
