"""The words of the command line in both languages; everything medical is in the rulebook."""

from __future__ import annotations

from typing import Final

from hbv_engine.errors import EngineError

LANGUAGES: Final = ("en", "zh")
COLON: Final = {"en": ": ", "zh": "："}

WORDS: Final[dict[str, dict[str, str]]] = {
    # headings and labels of an answer
    "alerts": {"en": "NEEDS ATTENTION FIRST", "zh": "请先看这里"},
    "no_alerts": {
        "en": "No red flag in this record. What was not asked is not ruled out.",
        "zh": "这份资料中没有危险信号。没有问到的不等于没有。",
    },
    "as_of": {"en": "As of", "zh": "截至"},
    "rulebook": {"en": "rulebook", "zh": "规则书"},
    "warnings": {"en": "Please check", "zh": "请核对"},
    "conflicts": {"en": "Contradicting results", "zh": "互相矛盾的结果"},
    "conflict": {
        "en": "two results of the same day do not agree; both stay possible",
        "zh": "同一天的两个结果不一致，两种可能都保留",
    },
    "why": {"en": "Why", "zh": "依据"},
    "possible": {"en": "Could be", "zh": "可能是"},
    "missing": {"en": "Missing", "zh": "还缺"},
    "would_change": {"en": "Would change if", "zh": "什么会改变结论"},
    "points": {"en": "In particular", "zh": "具体来说"},
    "beside": {"en": "Guidelines say", "zh": "各指南的说法"},
    "rules": {"en": "Rules", "zh": "规则"},
    "sources": {"en": "Sources", "zh": "来源"},
    "note": {"en": "Note", "zh": "说明"},
    "status.settled": {"en": "settled", "zh": "已确定"},
    "status.open": {"en": "open", "zh": "未定"},
    "status.silent": {"en": "the source is silent", "zh": "原文未提及"},
    "status.not_applicable": {"en": "does not apply", "zh": "不适用"},
    "draft": {"en": "draft", "zh": "草案"},
    "level.emergency_now": {"en": "emergency, now", "zh": "立即急诊"},
    "level.same_day": {"en": "today", "zh": "当天就医"},
    "level.soon": {"en": "soon", "zh": "尽快"},
    "level.routine": {"en": "routine", "zh": "常规"},
    "level.self_care": {"en": "self-care", "zh": "自我护理"},
    # the calendar
    "calendar": {"en": "Calendar", "zh": "复查日历"},
    "what": {"en": "What", "zh": "项目"},
    "last": {"en": "Last", "zh": "上次"},
    "due": {"en": "Due", "zh": "应做"},
    "state": {"en": "State", "zh": "状态"},
    "due.overdue": {"en": "overdue", "zh": "已超期"},
    "due.due_soon": {"en": "due soon", "zh": "快到期"},
    "due.dates_missing": {"en": "date of the last one?", "zh": "缺上次日期"},
    "due.on_schedule": {"en": "on schedule", "zh": "按计划"},
    # explain
    "decision": {"en": "Decision", "zh": "问题"},
    "row": {"en": "Rule", "zh": "规则"},
    "outcome": {"en": "Outcome", "zh": "结论"},
    "holds": {"en": "Holds?", "zh": "成立？"},
    "first_failing": {"en": "First condition that fails", "zh": "第一个不满足的条件"},
    "known": {"en": "Known", "zh": "已知"},
    "distance": {"en": "off by", "zh": "相差"},
    "not": {"en": "not ", "zh": "不是"},
    "state.met": {"en": "yes", "zh": "成立"},
    "state.failed": {"en": "no", "zh": "不成立"},
    "state.unknown": {"en": "open", "zh": "未定"},
    "code.not_found": {"en": "not known", "zh": "不清楚"},
    "code.stale": {"en": "only an old result", "zh": "只有旧结果"},
    "code.conflict": {"en": "results disagree", "zh": "结果不一致"},
    "code.limit_unknown": {"en": "the limit on the report decides", "zh": "要看化验单上限"},
    "code.sex_unknown": {"en": "sex decides", "zh": "与性别有关"},
    "code.assay_unknown": {"en": "the assay decides", "zh": "要看检测方法"},
    "code.imprecise": {"en": "the result allows both", "zh": "结果两边都有可能"},
    "code.out_of_range": {"en": "out of range", "zh": "不在范围内"},
    "code.other_value": {"en": "another value", "zh": "是其他值"},
    "code.other_outcome": {"en": "the table came out differently", "zh": "上级表结论不同"},
    "topic": {"en": "Topic", "zh": "话题"},
    # what-if
    "change": {"en": "Change", "zh": "改动"},
    "before": {"en": "Now", "zh": "现在"},
    "after": {"en": "Then", "zh": "改动后"},
    "nothing_changes": {
        "en": "No decision changes.",
        "zh": "没有任何结论改变。",
    },
    "unchanged": {"en": "Unchanged: {names}", "zh": "不变：{names}"},
    "unit_taken": {
        "en": "{name} was given without a unit; read as {unit}.",
        "zh": "{name}没有写单位，按{unit}理解。",
    },
    "new_alert": {"en": "New red flag", "zh": "新的危险信号"},
    "more": {"en": "and {number} more", "zh": "还有{number}项"},
    # check, coverage, schema, cohort
    "check.example": {"en": "for example", "zh": "例如"},
    "check.sum": {"en": "{errors} errors, {notes} notes.", "zh": "错误{errors}个，提示{notes}个。"},
    "coverage.statement": {"en": "Statement", "zh": "原文条目"},
    "coverage.said": {"en": "Said in", "zh": "写在哪里"},
    "coverage.background": {"en": "background", "zh": "背景"},
    "coverage.nowhere": {"en": "NOWHERE", "zh": "没有写到"},
    "coverage.sum": {
        "en": "{total} statements, {missing} missing.",
        "zh": "共{total}条，缺{missing}条。",
    },
    "schema.intro": {
        "en": "A record is one JSON object: as_of, sex (female, male), age (years), observations, "
        "treatments, history, symptoms. What is not known is left out.",
        "zh": "一份资料是一个JSON对象：as_of（截至日期）、sex（female/male）、age（岁）、"
        "observations、treatments、history、symptoms。不知道的就不写。",
    },
    "schema.observations": {
        "en": "analyte, value, unit, date; comparator, lloq, reference_low, reference_high, raw",
        "zh": "化验：analyte, value, unit, date；comparator, lloq, reference_high, raw",
    },
    "schema.history": {"en": "history items", "zh": "病史"},
    "schema.symptoms": {"en": "symptoms now", "zh": "目前的症状"},
    "schema.treatments": {
        "en": "drug, start, stop, dose, dose_unit, doses_missed; accepted doses below",
        "zh": "用药：drug, start, stop, dose, dose_unit, doses_missed；下面是可接受的剂量",
    },
    "schema.name": {"en": "Name", "zh": "名称"},
    "schema.values": {"en": "Accepted", "zh": "可接受的值"},
    "schema.label": {"en": "Meaning", "zh": "含义"},
    "cohort.done": {
        "en": "{patients} patients written to {file}.",
        "zh": "已将{patients}名患者的结论写入{file}。",
    },
    "patients": {"en": "Patients", "zh": "人数"},
    "cohort.reading": {"en": "Assessing", "zh": "正在评估"},
    "rulebook.done": {
        "en": "The rulebook {version} ({sha}) is in {file}: open it in a browser, read, sign.",
        "zh": "规则书{version}（{sha}）已写入{file}：请用浏览器打开、阅读并签名。",
    },
    # what to do next
    "next": {"en": "Next", "zh": "下一步"},
    "next.topic": {"en": "read the first of them", "zh": "阅读第一个话题"},
    "next.topics": {"en": "see all topics", "zh": "查看全部话题"},
    "next.ask": {"en": "answer what is missing", "zh": "补充缺少的信息"},
    "next.again": {"en": "ask again what was left open", "zh": "重新回答没有答上的问题"},
    "next.explain": {"en": "see every rule that was tried", "zh": "查看试过的每条规则"},
    "next.what_if": {"en": "try another value", "zh": "换个数值试试"},
    "next.assess": {"en": "see every decision", "zh": "查看全部结论"},
    "next.rulebook": {"en": "read the whole book as one page", "zh": "把整本规则书作为一页阅读"},
    "next.schema": {"en": "see every accepted name and unit", "zh": "查看所有可用的名称和单位"},
    # ask
    "ask.hello": {
        "en": "One question at a time; only those that can still change the answer. "
        "This does not replace a doctor. In an emergency call your local emergency number.",
        "zh": "一次只问一个问题，只问还会影响结论的。"
        "本工具不能代替医生；情况紧急请立即拨打急救电话。",
    },
    "ask.saved_in": {
        "en": "Going on with {file}; saved after every answer.",
        "zh": "继续使用{file}，每次回答后自动保存。",
    },
    "ask.new_file": {
        "en": "{file} will be made with your first answer, and saved after every answer.",
        "zh": "回答第一个问题后会建立{file}，每次回答后自动保存。",
    },
    "ask.question": {"en": "Question {number}", "zh": "第{number}个问题"},
    "ask.serves": {"en": "for: {names}", "zh": "用于：{names}"},
    "ask.several": {
        "en": "Several may apply: 1, 3",
        "zh": "可以选几个，例如：1、3",
    },
    "ask.example": {"en": "For example: {example}", "zh": "例如：{example}"},
    "ask.commands": {
        "en": "[why] [skip] [don't know] [back] [quit]",
        "zh": "[为什么] [跳过] [不知道] [返回] [退出]",
    },
    "ask.help": {
        "en": "Type the number or the words of an answer, or a value with its unit as printed. "
        "A day may follow: 86 U/L 2026-05-01. Or type: why, skip, don't know, back, quit.",
        "zh": "请输入答案前的数字或文字，或者按化验单输入数值和单位，后面可以加日期："
        "86 U/L 2026-05-01。也可以输入：为什么、跳过、不知道、返回、退出。",
    },
    "ask.nothing_before": {"en": "This is the first question.", "zh": "这是第一个问题。"},
    "ask.noted": {"en": "Noted: {what}", "zh": "已记录：{what}"},
    "ask.skip": {"en": "Put aside for now.", "zh": "先放一放。"},
    "ask.unknown": {
        "en": "That is an answer, too. It stays open, and is never read as no.",
        "zh": "不知道也是一种回答。这一项保持未知，不会当作“没有”。",
    },
    "ask.back": {"en": "The last answer is taken back.", "zh": "已撤回上一个回答。"},
    "ask.bye": {"en": "Saved in {file}.", "zh": "已保存到{file}。"},
    "ask.bye_nothing": {
        "en": "Nothing was answered, nothing was saved.",
        "zh": "没有回答，没有保存。",
    },
    "ask.done": {
        "en": "No further question can change this answer.",
        "zh": "再问下去也不会改变结论了。",
    },
    "ask.done_open": {
        "en": "There is nothing more to ask. What stays open rests on what was not known.",
        "zh": "没有更多问题了。仍未确定的部分，取决于还不知道的信息。",
    },
    "ask.count": {
        "en": "Questions asked: {asked}; answered: {answered}. A record can hold {facts} facts.",
        "zh": "共提问{asked}个，回答{answered}个。一份资料可以包含{facts}项信息。",
    },
    # a bad answer to a question, in plain words
    "bad.wrong_type": {"en": "", "zh": "没看懂这个回答。"},
    "bad.unit_error": {"en": "", "zh": "单位不对，或者没有写单位。请按化验单上印的单位填写。"},
    "bad.impossible_value": {"en": "", "zh": "不可能是这个数值，请核对化验单上的数字和单位。"},
    "bad.date_error": {"en": "", "zh": "日期不对，请核对年、月、日的顺序，日期不能在今天之后。"},
    "bad.contradiction": {"en": "", "zh": "这和前面的回答互相矛盾。"},
    "bad.accepted": {"en": "Accepted: {accepted}", "zh": "可以这样回答：{accepted}"},
    # warnings
    "warn.unusual_value": {"en": "", "zh": "数值少见，请核对："},
    "warn.assay_unknown": {"en": "", "zh": "没有写明检测方法："},
    "future": {
        "en": "The record is dated {date}, which lies in the future.",
        "zh": "这份资料的日期是{date}，在今天之后。",
    },
    # errors
    "error": {"en": "Error", "zh": "错误"},
    "value": {"en": "value", "zh": "给出的值"},
    "accepted": {"en": "accepted", "zh": "可接受"},
    "remedy": {"en": "what to do", "zh": "怎么办"},
    "error.unknown_name": {"en": "unknown name", "zh": "没有这个名称"},
    "error.wrong_type": {"en": "wrong kind of value", "zh": "值的类型不对"},
    "error.impossible_value": {"en": "impossible value", "zh": "不可能的数值"},
    "error.unit_error": {"en": "unit", "zh": "单位有问题"},
    "error.date_error": {"en": "date", "zh": "日期有问题"},
    "error.contradiction": {"en": "contradiction", "zh": "前后矛盾"},
    "error.input_format": {"en": "unreadable input", "zh": "无法读取的输入"},
    "error.record_error": {"en": "record", "zh": "资料有问题"},
    "error.rulebook_error": {"en": "rulebook", "zh": "规则书有问题"},
    "error.file_error": {"en": "file", "zh": "文件有问题"},
    "error.usage": {"en": "usage", "zh": "用法不对"},
    "error.internal": {"en": "a fault of the program", "zh": "程序故障"},
}


def word(key: str, language: str, **values: object) -> str:
    """Return a word or sentence of the command line; the last part of the key if it is missing."""
    found = WORDS.get(key)
    text = found[language] if found else key.rpartition(".")[2].replace("_", " ")
    return text.format(**values) if values else text


def warning(code: str, text: str, language: str) -> str:
    """Return what the engine finds odd about a value, introduced in the language asked for."""
    return WORDS.get(f"warn.{code}", {"en": "", "zh": ""})[language] + text


def bad_answer(error: EngineError, language: str) -> list[str]:
    """Return an error as plain words for somebody who is answering questions."""
    key = f"bad.{error.code}"
    plain = WORDS.get(key, WORDS["bad.wrong_type"])[language]
    lines = [plain or f"{error.message} {error.remedy}".strip()]
    if error.accepted:
        lines.append(word("bad.accepted", language, accepted=error.accepted))
    return lines
