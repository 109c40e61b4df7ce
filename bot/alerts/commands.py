"""The conversation about alerts: commands and pressed buttons in, replies out. Buttons carry ``al:verb:numbers``; nothing is kept in memory."""

import json
import re
from collections.abc import Callable
from datetime import date

from bot.alerts import texts
from bot.alerts.nouns import QuietHours, Schedule, Subscription
from bot.alerts.preview import Preview, make_preview, narrowed, preview_segments, related_words
from bot.alerts.store import AlertStore
from bot.alerts.theme_store import RuleThemes
from bot.deep_links import RULE, encode_link
from bot.replies import Attachment, Button, Reply, Segment, plain
from bot.visitors import Visitor
from index.alerting.analysis import analyse_article
from index.alerting.archive import Archive, Found, article_nearness
from index.alerting.matching import explain
from index.alerting.rule_tree import Rule
from index.alerting.rules import parse_rule
from index.errors import RuleError
from index.storage.store import Store

COMMANDS = frozenset({"/alarm", "/alarme", "/meinedaten", "/export", "/vergessen"})
MAX_LISTED = 20  # at a time, three buttons each; Telegram takes 100
MAX_SUBSCRIPTIONS = 200  # of a chat: more than anybody reads, and no burden
MAX_CAP = 100
PLANS = (Schedule("now"), Schedule("daily", 8), Schedule("daily", 18), Schedule("weekly", 8, 0))
_NUMBERED = re.compile(r"#(\d{1,12})\s+(.+)", re.DOTALL)
_TIMED = re.compile(r"#?(\d{1,12})\s+(sofort|täglich|taeglich|wöchentlich|woechentlich)(?:\s+([a-zäöü]+))?(?:\s+(\d{1,2}))?(?:\s*uhr)?", re.IGNORECASE)
_QUIET = re.compile(r"ruhe\s+(\d{1,2})\s*(?:-|–|bis)\s*(\d{1,2})", re.IGNORECASE)
_CAP = re.compile(r"höchstens\s+(\d{1,3})", re.IGNORECASE)


class AlertDesk:
    """Answers everything that begins with one of COMMANDS or whose button begins with ``al:``."""

    def __init__(self, alerts: AlertStore, store: Store, themes: RuleThemes, now: Callable[[], float], today: Callable[[], date]) -> None:
        self._alerts, self._store, self._themes, self._now, self._today = alerts, store, themes, now, today
        self._archive = Archive(store, alerts.keys)

    @property
    def verbs(self) -> frozenset[str]:
        """What buttons do, as their actions name it."""
        return frozenset(name.removeprefix("_press_") for name in dir(self) if name.startswith("_press_"))

    def reply_to(self, command: str, rest: str, visitor: Visitor) -> Reply:
        """A command and what follows it."""
        if not visitor.may_subscribe:
            return plain(texts.ONLY_ADMINS)
        if command == "/alarm":
            return self._alarm(rest, visitor)
        if command == "/alarme":
            return self._settings(rest, visitor) if rest else self._list(visitor)
        if command == "/meinedaten":
            return self._own_data(visitor)
        if command == "/export":
            return self._export(visitor)
        return plain(texts.FORGET_ASK, ((Button(texts.FORGET_YES, "al:forget"),),))

    def press(self, action: str, visitor: Visitor) -> Reply:
        """A pressed button."""
        if not visitor.may_subscribe:
            return plain(texts.ONLY_ADMINS)
        _prefix, verb, *values = action.split(":")
        try:
            handler = getattr(self, f"_press_{verb}", None)
            return handler(visitor, *values) if handler else plain(texts.GONE)
        except (ValueError, TypeError):
            return plain(texts.GONE)  # a button of another version of this program
        except RuleError as error:
            return plain(str(error))

    # --- a new rule, or another one for a subscription -------------------------------------------------------------

    def _alarm(self, rest: str, visitor: Visitor) -> Reply:
        if not rest:
            return plain(texts.HELP)
        if len(lines := _lines(rest)) > 1:
            return self._several(lines, visitor)
        numbered = _NUMBERED.fullmatch(rest)
        replaces = int(numbered.group(1)) if numbered else None
        if replaces is not None and self._alerts.subscription(replaces, visitor.chat_id) is None:
            return plain(texts.GONE)
        try:
            return self._preview(numbered.group(2) if numbered else rest, visitor, replaces)
        except RuleError as error:
            return plain(str(error))

    def _several(self, lines: list[str], visitor: Visitor) -> Reply:
        """Rules of another chat, as ``/export`` writes them: all are read before one button saves them."""
        wrong, rules = [], []
        for line in lines:
            try:
                rules.append(parse_rule(line))
            except RuleError as error:
                wrong.append(f"{line[:60]}: {error}")
        if wrong:
            return plain("\n\n".join([texts.SEVERAL_WRONG, *wrong]))
        for rule in rules:
            self._themes.of(rule)
        draft = self._alerts.save_draft(visitor, "\n".join(rule.text for rule in rules), self._now())
        shown = "\n".join(f"• {rule.text}" for rule in rules)
        row = (Button(texts.SAVE_ALL.format(count=len(rules)), f"al:save:{draft}"), Button(texts.DROP, f"al:drop:{draft}"))
        return plain(texts.SEVERAL.format(count=len(rules), rules=shown), (row,))

    def _preview(self, text: str, visitor: Visitor, replaces: int | None = None) -> Reply:
        preview = self._look(parse_rule(text))
        draft = self._alerts.save_draft(visitor, preview.rule.text, self._now(), replaces)
        related = tuple(Button(f"+ {word}", f"al:add:{draft}:{word}") for word in preview.related)
        row = (Button(texts.SAVE, f"al:save:{draft}"), Button(texts.NARROW, f"al:narrow:{draft}"), Button(texts.DROP, f"al:drop:{draft}"))
        return Reply(tuple(preview_segments(preview)), (*((related,) if related else ()), row))

    def _look(self, rule: Rule) -> Preview:
        return make_preview(self._archive, rule, self._themes.of(rule), self._today())

    def _press_want(self, visitor: Visitor, *words: str) -> Reply:
        """A rule that was proposed elsewhere: shown as any other before it is saved."""
        return self._preview(":".join(words), visitor)

    def _press_save(self, visitor: Visitor, draft: str) -> Reply:
        found = self._alerts.draft(int(draft), visitor.chat_id)
        if found is None:
            return plain(texts.GONE)
        rule, replaces = found
        self._alerts.drop_draft(int(draft), visitor.chat_id)
        if replaces is not None:
            return self._change(visitor, replaces, rule)
        if len(self._alerts.subscriptions(visitor.chat_id)) + len(rule.splitlines()) > MAX_SUBSCRIPTIONS:
            return plain(texts.ENOUGH.format(most=MAX_SUBSCRIPTIONS))
        if "\n" in rule:
            count = len({self._alerts.subscribe(visitor, line, self._now()) for line in rule.splitlines()})
            return plain(texts.SAVED_ALL.format(count=count))
        number = self._alerts.subscribe(visitor, rule, self._now())
        link = encode_link(RULE, rule)
        share = (Button(texts.SHARE_RULE, share=link),) if link else ()
        row = (Button(texts.TIME, f"al:time:{number}"), Button(texts.DELETE, f"al:del:{number}"), *share)
        return plain(texts.SAVED.format(id=number, rule=rule), (row,))

    def _change(self, visitor: Visitor, number: int, rule: str) -> Reply:
        former = self._alerts.subscription(number, visitor.chat_id)
        if former is None:
            return plain(texts.GONE)
        self._alerts.change_rule(number, visitor.chat_id, rule)
        undo = self._alerts.save_draft(visitor, former.rule, self._now(), number)
        return plain(texts.CHANGED.format(id=number, rule=rule), ((Button(texts.UNDO, f"al:save:{undo}"),),))

    def _press_drop(self, visitor: Visitor, draft: str) -> Reply:
        self._alerts.drop_draft(int(draft), visitor.chat_id)
        return plain(texts.DROPPED)

    def _press_narrow(self, visitor: Visitor, draft: str) -> Reply:
        found = self._alerts.draft(int(draft), visitor.chat_id)
        if found is None:
            return plain(texts.GONE)
        rule = parse_rule(found[0])
        words = self._look(rule).related
        rows = tuple((Button(f"+ {word}", f"al:add:{draft}:{word}"), Button(f"– {word}", f"al:sub:{draft}:{word}")) for word in words)
        example = narrowed(rule, words[0] if words else "Bremen")
        return plain(texts.NARROW_HOW.format(rule=rule.text, example=example), rows)

    def _press_add(self, visitor: Visitor, draft: str, word: str) -> Reply:
        return self._with_word(visitor, draft, word, "")

    def _press_sub(self, visitor: Visitor, draft: str, word: str) -> Reply:
        return self._with_word(visitor, draft, word, "-")

    def _with_word(self, visitor: Visitor, draft: str, word: str, sign: str) -> Reply:
        found = self._alerts.draft(int(draft), visitor.chat_id)
        if found is None:
            return plain(texts.GONE)
        return self._preview(narrowed(parse_rule(found[0]), word, sign), visitor, found[1])

    # --- what there is ---------------------------------------------------------------------------------------------

    def _list(self, visitor: Visitor, start: int = 0) -> Reply:
        subscriptions = self._alerts.subscriptions(visitor.chat_id)
        chat = self._alerts.chat(visitor.chat_id)
        if not subscriptions or chat is None:
            return plain(texts.NONE)
        shown = subscriptions[start : start + MAX_LISTED]
        rows = [_buttons(subscription) for subscription in shown]
        if start + len(shown) < len(subscriptions):
            rows.append((Button(texts.MORE_ALERTS.format(count=len(subscriptions) - start - len(shown)), f"al:list:{start + MAX_LISTED}"),))
        return plain("\n".join([texts.LIST, *map(_line, shown)]) + texts.LIST_HOW.format(cap=chat.daily_cap), tuple(rows))

    def _press_list(self, visitor: Visitor, start: str) -> Reply:
        return self._list(visitor, max(0, int(start)))

    def _settings(self, rest: str, visitor: Visitor) -> Reply:
        if (timed := _TIMED.fullmatch(rest)) is not None:
            schedule = _schedule(*timed.groups()[1:])
            return self._set_schedule(visitor, int(timed.group(1)), schedule) if schedule else plain(texts.NOT_UNDERSTOOD)
        if rest.lower() == "ruhe aus":
            self._alerts.set_quiet(visitor.chat_id, QuietHours())
            return plain(texts.QUIET_OFF)
        if (quiet := _QUIET.fullmatch(rest)) is not None and all(int(hour) < 24 for hour in quiet.groups()):
            self._alerts.set_quiet(visitor.chat_id, QuietHours(*(int(hour) for hour in quiet.groups())))
            return plain(texts.QUIET_SET.format(start=quiet.group(1), end=quiet.group(2)))
        if (cap := _CAP.fullmatch(rest)) is not None and 1 <= int(cap.group(1)) <= MAX_CAP:
            self._alerts.set_cap(visitor.chat_id, int(cap.group(1)))
            return plain(texts.CAP_SET.format(cap=int(cap.group(1))))
        return plain(texts.NOT_UNDERSTOOD)

    def _press_time(self, visitor: Visitor, number: str) -> Reply:
        subscription = self._alerts.subscription(int(number), visitor.chat_id)
        if subscription is None:
            return plain(texts.GONE)
        rows = tuple((Button(describe_schedule(plan), f"al:plan:{number}:{plan.kind}:{plan.hour}:{plan.weekday}"),) for plan in PLANS)
        return plain(texts.TIME_HOW.format(id=number, rule=subscription.rule), rows)

    def _press_plan(self, visitor: Visitor, number: str, kind: str, hour: str, weekday: str) -> Reply:
        schedule = Schedule(kind, int(hour), int(weekday))
        return self._set_schedule(visitor, int(number), schedule) if schedule in PLANS else plain(texts.GONE)

    def _set_schedule(self, visitor: Visitor, number: int, schedule: Schedule) -> Reply:
        subscription = self._alerts.subscription(number, visitor.chat_id)
        if subscription is None:
            return plain(texts.GONE)
        self._alerts.set_schedule(number, visitor.chat_id, schedule)
        return plain(texts.TIME_SET.format(id=number, rule=subscription.rule, when=describe_schedule(schedule)))

    def _press_pause(self, visitor: Visitor, number: str) -> Reply:
        return self._set_state(visitor, int(number), "paused", texts.PAUSED, texts.RESUME)

    def _press_resume(self, visitor: Visitor, number: str) -> Reply:
        return self._set_state(visitor, int(number), "active", texts.RESUMED, "")

    def _press_del(self, visitor: Visitor, number: str) -> Reply:
        return self._set_state(visitor, int(number), "deleted", texts.DELETED, texts.UNDO)

    def _set_state(self, visitor: Visitor, number: int, state: str, text: str, back: str) -> Reply:
        subscription = self._alerts.subscription(number, visitor.chat_id)
        if subscription is None:
            return plain(texts.GONE)
        self._alerts.set_state(number, visitor.chat_id, state, self._now())
        rows = ((Button(back, f"al:resume:{number}"),),) if back else ()
        return plain(text.format(id=number, rule=subscription.rule), rows)

    # --- "So etwas nicht mehr" -------------------------------------------------------------------------------------

    def _press_less(self, visitor: Visitor, number: str, row: str) -> Reply:
        subscription, stored = self._alerts.subscription(int(number), visitor.chat_id), self._store.articles([int(row)]).get(int(row))
        if subscription is None or stored is None:
            return plain(texts.GONE)
        rule = parse_rule(subscription.rule)
        near = article_nearness(self._store, stored.row, self._alerts.themes.of_rules([rule.text]))
        explanation = explain(rule, analyse_article(stored.article, near))
        words = related_words(rule, [Found(stored, explanation)]) if explanation else ()
        rows = tuple((Button(texts.NOT_WORD.format(word=word), f"al:not:{number}:{word}"),) for word in words)
        return plain(texts.LESS_HOW.format(id=number, rule=rule.text), (*rows, (Button(texts.UNSUBSCRIBE, f"al:del:{number}"),)))

    def _press_not(self, visitor: Visitor, number: str, word: str) -> Reply:
        subscription = self._alerts.subscription(int(number), visitor.chat_id)
        if subscription is None:
            return plain(texts.GONE)
        rule = narrowed(parse_rule(subscription.rule), word, "-")
        draft = self._alerts.save_draft(visitor, rule, self._now(), int(number))
        row = (Button(texts.SAVE, f"al:save:{draft}"), Button(texts.DROP, f"al:drop:{draft}"))
        return plain(texts.LESS_CONFIRM.format(rule=rule), (row,))

    # --- own data --------------------------------------------------------------------------------------------------

    def _own_data(self, visitor: Visitor) -> Reply:
        data = self._alerts.own_data(visitor.chat_id)
        if not any(data.values()):
            return plain(texts.OWN_NOTHING)
        content = json.dumps({"chat_id": visitor.chat_id, **data}, ensure_ascii=False, indent=1)
        return Reply((Segment(texts.OWN_DATA),), file=Attachment("meinedaten.json", content))

    def _export(self, visitor: Visitor) -> Reply:
        """A line for each rule; a long text is cut between them, so that each message can be pasted on its own."""
        rules = [subscription.rule for subscription in self._alerts.subscriptions(visitor.chat_id)]
        lines = (Segment(f"{chr(10) if place else ''}/alarm {rule}") for place, rule in enumerate(rules))
        return Reply(tuple(lines)) if rules else plain(texts.EXPORT_NOTHING)

    def _press_forget(self, visitor: Visitor) -> Reply:
        before = sum(len(rows) for rows in self._alerts.own_data(visitor.chat_id).values())
        return plain(texts.FORGOTTEN.format(before=before, left=self._alerts.forget(visitor.chat_id)))


def _lines(text: str) -> list[str]:
    """Rules on lines of their own, each perhaps after its command."""
    lines = (re.sub(r"^/alarm(@\w+)?\s+", "", line.strip(), flags=re.IGNORECASE) for line in text.splitlines())
    return [line for line in lines if line]


def _line(subscription: Subscription) -> str:
    paused = texts.PAUSED_MARK if subscription.state == "paused" else ""
    return f"#{subscription.id} {subscription.rule} · {describe_schedule(subscription.schedule)}{paused}"


def _buttons(subscription: Subscription) -> tuple[Button, ...]:
    number = subscription.id
    is_paused = subscription.state == "paused"
    pause = Button(f"#{number} {texts.RESUME if is_paused else texts.PAUSE}", f"al:{'resume' if is_paused else 'pause'}:{number}")
    return pause, Button(texts.TIME, f"al:time:{number}"), Button(texts.DELETE, f"al:del:{number}")


def describe_schedule(schedule: Schedule) -> str:
    """``sofort``, ``täglich um 8 Uhr``, ``wöchentlich am Montag um 8 Uhr``."""
    day = texts.WEEKDAY_NAMES[schedule.weekday]
    return texts.SCHEDULES[schedule.kind].format(hour=schedule.hour, day=day)


def _schedule(kind: str, weekday: str | None, hour: str | None) -> Schedule | None:
    """A schedule from its words; None if they make none."""
    day = (weekday or "montag").lower()
    at = int(hour or 8)
    if at > 23 or day not in (*texts.WEEKDAYS, "um"):
        return None
    kinds = {"s": "now", "t": "daily", "w": "weekly"}
    return Schedule(kinds[kind[0].lower()], at, texts.WEEKDAYS.index(day) if day in texts.WEEKDAYS else 0)
