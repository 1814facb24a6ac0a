# SPDX-License-Identifier: MIT
"""Everything that upkeepd does on a forge, disturbed at every request: the next run ends where
an undisturbed one does (operations.md 8, forges.md 2.3).

An act brings a scene (servers/scene.py) to the moment before the run that is disturbed. That
moment is kept and put back for each way of disturbing it: made once an act, it costs nothing.

A request that changes nothing is lost before it arrives; whether it was answered is the same to
both sides. One that changes something is lost before and after. In the ordinary run each request
is lost in one way before and in one after, in turn; with UPKEEPD_THOROUGH in all.
"""
import difflib
import os
import pprint
import signal

from servers.shop import DOCKERFILE, RULES, offer, offer_newer

LIMITED = RULES + "    open-pull-requests-limit: 1\n"
GROUPED = RULES + "    groups: { all: { patterns: ['*'] } }\n"
LEFT = RULES + "    x-upkeepd: { automerge: [minor] }\n"
BOTH = DOCKERFILE + "FROM alpine:3.19.0\n"
THOROUGH = os.environ.get("UPKEEPD_THOROUGH")

# How a request goes wrong. Those who are "for once" are there for the next one.
DEATHS = "the forge dies", "we are killed", "the connection breaks", "a proxy says 502"


def change_rules(scene, rules, dockerfile=DOCKERFILE):
    scene.commit({".github/dependabot.yml": rules, "Dockerfile": dockerfile})


def opening(scene):
    scene.watch()


def opening_for_people(scene):
    change_rules(scene, RULES + "    labels: [one, two]\n    " + scene.people())
    scene.watch()


def opening_two(scene):
    change_rules(scene, RULES, BOTH)
    scene.watch()


def opened(scene, rules=RULES, dockerfile=DOCKERFILE, dashboard=False):
    if (rules, dockerfile) != (RULES, DOCKERFILE):
        change_rules(scene, rules, dockerfile)
    scene.watch(dashboard)
    assert scene.once().status == 0


def superseding(scene):
    opened(scene)
    offer_newer(scene.upstream)


def closing(scene):
    opened(scene)
    scene.commit({"Dockerfile": "FROM scratch\n"})


def being_up_to_date(scene):
    opened(scene)
    scene.commit({"Dockerfile": DOCKERFILE.replace("1.21.6", "1.22.4")})


def refreshing(scene):
    """Its commit and its words change."""
    opened(scene)
    change_rules(scene, RULES + "    commit-message: { prefix: deps }\n", DOCKERFILE + "CMD x\n")


def obeying(text, before=None, **more):
    def act(scene):
        opened(scene, **more)
        if before is not None:
            scene.say(before)
            scene.once()
        if "rebase" in text:
            scene.commit({"README": "more\n"})
        scene.say(text)
    return act


def checking_a_box(scene):
    opened(scene, LIMITED, BOTH, dashboard=True)
    scene.check_box()


def opening_a_dashboard(scene):
    opened(scene, LIMITED, BOTH)
    scene.watch(dashboard=True)


def changing_a_dashboard(scene):
    opened(scene, dashboard=True)
    offer_newer(scene.upstream)


ACTS = {
    "opening": opening,
    "opening for people": opening_for_people,
    "opening two": opening_two,
    "superseding": superseding,
    "closing": closing,
    "being up to date": being_up_to_date,
    "refreshing": refreshing,
}
WORDS = {
    "obeying close": obeying("@upkeepd close"),
    "obeying rebase": obeying("@upkeepd rebase"),
    "obeying ignore": obeying("@upkeepd ignore this dependency"),
    "obeying ignore in the rules": obeying("@upkeepd ignore this minor version --commit"),
    "obeying ignore in a group": obeying("@upkeepd ignore alpine", rules=GROUPED, dockerfile=BOTH),
    "obeying unignore": obeying("@upkeepd unignore golang", "@upkeepd ignore this dependency"),
    "obeying two": obeying("@upkeepd close\n@upkeepd reopen"),
}
MERGES = {
    "obeying merge": obeying("@upkeepd merge when green"),
    "obeying cancel merge": obeying("@upkeepd cancel merge", rules=LEFT),
}
BOARDS = {
    "checking a box": checking_a_box,
    "opening a dashboard": opening_a_dashboard,
    "changing a dashboard": changing_a_dashboard,
}


def acts_of(scene):
    """What there is to do on a forge of this kind."""
    acts = {**ACTS, **(WORDS if scene.has_words else {}), **(BOARDS if scene.has_board else {}),
            **(MERGES if scene.has_words and scene.has_checks else {})}
    return [name for name in acts if scene.has_people or name != "opening for people"]


def prepare(scene, name):
    offer(scene.upstream)
    scene.upstream.tags("library/alpine", "3.19.0", "3.20.0")
    {**ACTS, **WORDS, **BOARDS, **MERGES}[name](scene)
    scene.keep()


def changes(method, path):
    return method != "GET" and not path.endswith("/git-upload-pack")


def undisturbed(scene):
    """What is seen after it, and for each request whether it changed something."""
    begin = len(scene.server.log)
    scene.server.revive()
    run = scene.once()
    assert run.status == 0, (run.events, run.stderr)
    asked = [changes(*one) for one in scene.server.log[begin:]]
    return scene.seen(), asked


def ways(asked, share=1):
    """(request, how, whether it is done), in the order of requests."""
    number = 0
    for step, is_change in enumerate(asked, 1):
        for is_done in (False, True) if is_change else (False,):
            number += 1
            for turn, death in enumerate(DEATHS):
                if THOROUGH or (number % len(DEATHS) == turn and number // len(DEATHS) % share == 0):
                    yield step, death, is_done


def disturb(scene, step, death, is_done):
    server = scene.server
    if death == "we are killed":
        with server.lock:  # it does not get far before its end is arranged
            process = scene.start()
            server.kill_at(step, process, is_done)
        assert process.wait() == -signal.SIGKILL
        assert server.is_over.wait(60)
    else:
        server.die_at(step, is_done, {"the connection breaks": True, "a proxy says 502": 502}.get(death, False))
        scene.once()
    assert server.count >= step
    server.revive()


def different(seen, wanted):
    """The lines that differ; long ones (bodies) wrapped."""
    both = [pprint.pformat(one, width=100).splitlines() for one in (wanted, seen)]
    return [line for line in difflib.unified_diff(*both, "wanted", "seen", n=0, lineterm="") if line[0] in "+-"]


def trouble_after(scene, wanted, *way):
    """What is not as it should be after the next run, and the one after that; a text."""
    scene.restore()
    disturb(scene, *way)
    run = scene.once()
    faults = different(scene.seen(), wanted)
    if run.status != 0:
        faults.append(f"it failed: {run.stdout}{run.stderr}")
    if not faults:
        again = scene.once()
        faults = different(scene.seen(), wanted)
        if not {action for action, *_ in again.outcomes} <= {"unchanged", "skipped"}:
            faults.append(f"it was not over: {again.outcomes}")
    return "".join(f"\n  {fault}" for fault in faults)


def run_all(scene, name, share=1):
    """Every way to disturb this act; all that went wrong is told at the end."""
    prepare(scene, name)
    wanted, asked = undisturbed(scene)
    tried, faults = 0, []
    for step, death, is_done in ways(asked, share):
        tried += 1
        fault = trouble_after(scene, wanted, step, death, is_done)
        if fault:
            faults.append(f"{name}, request {step} of {len(asked)} {'after' if is_done else 'before'} it was done, "
                          f"{death}:{fault}")
    print(f"{scene.forge}, {name}: {len(asked)} requests, {tried - len(faults)} of {tried} ways")
    assert tried > 0 and not faults, "\n".join(faults)
