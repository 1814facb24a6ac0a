/* SPDX-License-Identifier: MIT */
#include "policy/select.h"

#include "policy/filter.h"

#include <string.h>

enum {
	DAY = 24 * 60 * 60,
	/* Candidates that may fail before no further ones are asked for. */
	MOST_TRIED = 5,
	/* Those that the file may refuse, each of which costs a reading of it. */
	MOST_REFUSED = 256,
	/* A choice that takes longer goes in circles; each round tells at least one thing. */
	MOST_ROUNDS = 64,
};

/* What is said of a dependency that stays, if several reasons hold: the first. */
static const Reason weightiest[] = {
	REASON_COOLDOWN, REASON_COHERENCE,    REASON_GUARD,    REASON_SETTLING,
	REASON_GRACE,    REASON_PLATFORM,     REASON_BOUND,    REASON_UNRESOLVED,
	REASON_ABSENT,   REASON_SAME_CONTENT, REASON_EXCLUDED, REASON_RETRACTED,
	REASON_IGNORED,  REASON_NOT_ALLOWED,
};

static const GPtrArray *releases_of(const Selection *s)
{
	return s->dependency->offer->releases;
}

static Release *release_at(const Selection *s, guint index)
{
	return g_ptr_array_index(releases_of(s), index);
}

static void free_verdicts(Selection *s)
{
	for (guint i = 0; i < s->verdict_count; i++)
		g_free(s->question.verdicts[i].text);
	g_clear_pointer(&s->question.verdicts, g_free);
	s->verdict_count = 0;
}

static void companion_free(void *data)
{
	Question *q = data;

	g_ptr_array_unref(q->wishes);
	g_free(q);
}

Selection *selection_new(Manifest *manifest, Dependency *dependency, const Rules *rules,
			 int64_t now, bool is_named)
{
	Selection *s = g_new0(Selection, 1);

	s->manifest = manifest;
	s->dependency = dependency;
	s->question.dependency = dependency;
	s->question.rules = rules;
	s->question.now = now;
	s->question.is_named = is_named;
	s->question.wishes = g_ptr_array_new_with_free_func((GDestroyNotify)wish_free);
	s->companions = g_ptr_array_new_with_free_func(companion_free);
	if (!is_named)
		filter_cooldown(manifest->ecosystem, rules, dependency, s->question.cooldown);
	return s;
}

void selection_hurry(Selection *s)
{
	s->is_urgent = true;
	memset(s->question.cooldown, 0, sizeof s->question.cooldown);
}

void selection_free(Selection *s)
{
	if (s == NULL)
		return;
	free_verdicts(s);
	g_ptr_array_unref(s->question.wishes);
	g_ptr_array_unref(s->companions);
	update_free(s->update);
	g_free(s->text);
	g_free(s->complaint);
	g_free(s);
}

static bool stays(Selection *s, Reason reason, const char *text, const Place *rule)
{
	s->reason = reason;
	g_free(s->text);
	s->text = g_strdup(text);
	s->rule = rule;
	return true;
}

bool selection_is_held(const Selection *s)
{
	return s->held_until != 0 && s->update == NULL && s->types == 0 && s->latest != NULL;
}

bool selection_is_idle(Selection *s)
{
	const Place *rule = NULL;
	Reason reason;

	if (s->dependency->why_not != NULL)
		return stays(s, REASON_UNRESOLVED, s->dependency->remark, NULL);
	if (s->question.is_named || s->named != NULL)
		return false;
	reason = filter_dependency(s->manifest->ecosystem, s->question.rules, s->dependency, &rule);
	if (reason == REASON_NONE)
		return false;
	return stays(s, reason,
		     reason == REASON_IGNORED ? "all versions"
		     : rule != NULL           ? "'allow' does not take it in"
					      : "it is indirect, and there is no 'allow'",
		     rule);
}

const char *selection_word(const Selection *s)
{
	return s->dependency->why_not != NULL ? s->dependency->why_not : reason_word(s->reason);
}

static unsigned type_bit(Step step)
{
	static const unsigned bits[] = { 0, 0, UPDATE_PATCH, UPDATE_MINOR, UPDATE_MAJOR };

	return bits[step];
}

static void reject_for_group(Selection *s, guint index)
{
	g_autofree char *types = filter_types_text(s->types);

	question_reject(&s->question, index, REASON_NOT_ALLOWED, "the group takes %s", types);
	if (s->group != NULL)
		s->question.verdicts[index].rule = &s->group->place;
}

/* Has the rules speak about what is left. */
static void apply_rules(Selection *s)
{
	const Ecosystem *ecosystem = s->manifest->ecosystem;
	bool is_any_left = false;

	for (guint i = 0; i < releases_of(s)->len; i++) {
		Verdict *verdict = &s->question.verdicts[i];

		if (verdict->reason != REASON_NONE)
			continue;
		*verdict = filter_release(ecosystem, s->question.rules, s->dependency,
					  release_at(s, i), &s->complaint);
		if (verdict->reason == REASON_NONE && s->types != 0 &&
		    (type_bit(ecosystem->step(s->dependency, release_at(s, i))) & s->types) == 0)
			reject_for_group(s, i);
		is_any_left |= verdict->reason == REASON_NONE;
	}
	if (is_any_left || !s->question.is_named)
		return;
	/* Asked for by name, with nothing else left: the rules give way. */
	for (guint i = 0; i < releases_of(s)->len; i++) {
		Verdict *verdict = &s->question.verdicts[i];

		if (verdict->reason != REASON_IGNORED && verdict->reason != REASON_NOT_ALLOWED)
			continue;
		s->rule = verdict->rule;
		g_free(verdict->text);
		*verdict = (Verdict){ .reason = REASON_NONE };
	}
}

/* Whether a release of that age is still too young to be taken; `*wait` is how long it
 * must be waited for, `*ready_at` when that ends. */
static bool is_too_young(const Ecosystem *ecosystem, const Question *q, const Release *release,
			 Age age, int64_t *wait, int64_t *ready_at)
{
	int64_t since = age.since;

	*wait = q->cooldown[ecosystem->step(q->dependency, release)];
	if (*wait <= 0 || (!age.is_dated && q->rules->allows_unknown_age))
		return false;
	if (since == 0)
		since = q->now;
	*ready_at = since + *wait;
	return *ready_at > q->now;
}

/* `other` is whose release is too young, of those that move at once; NULL: its own. */
static void hold(Selection *s, guint index, int64_t wait, int64_t ready_at, const Dependency *other)
{
	Question *q = &s->question;
	const Cooldown *cooldown = &q->rules->cooldown;
	g_autofree char *whose = NULL;

	if (other != NULL)
		whose = g_strdup_printf(" for '%s' on line %d", other->name, other->line);
	question_reject(q, index, REASON_COOLDOWN, "%d day%s%s%s", (int)(wait / DAY),
			wait == DAY ? "" : "s", cooldown->is_given ? "" : " by default",
			whose != NULL ? whose : "");
	q->verdicts[index].ready_at = ready_at;
	if (cooldown->is_given)
		q->verdicts[index].rule = &cooldown->place;
	if (s->held_until == 0)
		s->held_until = ready_at;
}

static bool has_wishes(const Selection *s)
{
	for (guint i = 0; i < s->companions->len; i++)
		if (((const Question *)g_ptr_array_index(s->companions, i))->wishes->len > 0)
			return true;
	return s->question.wishes->len > 0;
}

static void examine(const Ecosystem *ecosystem, Question *q, guint index, Age *age)
{
	Release *release = g_ptr_array_index(q->dependency->offer->releases, index);

	if (ecosystem->examine != NULL) {
		ecosystem->examine(q, index, age);
		return;
	}
	question_wish(q, release);
	age->since = release->published_at;
	age->is_dated = age->since > 0;
}

static bool leaps(const Selection *s, guint index)
{
	const Ecosystem *ecosystem = s->manifest->ecosystem;

	return ecosystem->leaps != NULL && ecosystem->leaps(s->dependency, release_at(s, index));
}

/* What was found is taken, or stands by where that may come to nothing. */
static void accept(Selection *s, guint index, Update *update)
{
	if (s->update == NULL) {
		s->update = update;
		return;
	}
	s->update->otherwise = update;
	question_reject(&s->question, index, REASON_LOWER, "taken if %s cannot be", s->update->to);
}

/* Tries to take one release; its verdict says why if it cannot be taken. */
static void take(Selection *s, guint index)
{
	const Ecosystem *ecosystem = s->manifest->ecosystem;
	const Release *release = release_at(s, index);
	g_autoptr(Update) update = update_new(s->manifest, s->dependency);
	Verdict verdict = { .reason = REASON_NONE };

	update->from = g_strdup(s->dependency->version);
	update->to = g_strdup(release->version);
	update->step = ecosystem->step(s->dependency, release);
	if (ecosystem->complete != NULL)
		verdict = ecosystem->complete(&s->question, release, update);
	if (!has_wishes(s) && verdict.reason == REASON_NONE)
		accept(s, index, g_steal_pointer(&update));
	else
		question_reject(&s->question, index, verdict.reason,
				verdict.text != NULL ? "%s" : NULL, verdict.text);
	g_free(verdict.text);
}

static bool is_offered(const Ecosystem *ecosystem, const Dependency *dependency,
		       const char *version)
{
	return dependency->offer != NULL && version != NULL &&
	       ecosystem->counterpart(dependency, version, true) != NULL;
}

/* What the rules say of one that would move with another; REASON_NONE: nothing. */
static Verdict rules_on(Selection *s, const Update *moved)
{
	const Ecosystem *ecosystem = s->manifest->ecosystem;
	const Dependency *other = moved->dependency;
	Verdict verdict = { .reason = REASON_NONE };

	verdict.reason = filter_dependency(ecosystem, s->question.rules, other, &verdict.rule);
	if (verdict.reason == REASON_IGNORED)
		verdict.text = g_strdup("all versions");
	if (verdict.reason == REASON_NONE && is_offered(ecosystem, other, moved->to))
		verdict = filter_release(ecosystem, s->question.rules, other,
					 ecosystem->counterpart(other, moved->to, true),
					 &s->complaint);
	return verdict;
}

/* Whether what would move with the release may: the rules let it, and it has the version
 * that it would have then. */
static bool may_follow(Selection *s, guint index, const Update *moved)
{
	const Dependency *other = moved->dependency;
	Verdict verdict = rules_on(s, moved);
	g_autofree char *text = verdict.text;

	if (verdict.reason != REASON_NONE && !s->overrides) {
		question_reject(&s->question, index, REASON_BOUND, "'%s' on line %d is %s%s%s",
				other->name, other->line,
				verdict.reason == REASON_IGNORED ? "ignored" : "not allowed",
				text != NULL ? ": " : "", text != NULL ? text : "");
		s->question.verdicts[index].rule = verdict.rule;
		s->is_barred = true;
		return false;
	}
	if (!is_offered(s->manifest->ecosystem, other, moved->to)) {
		question_reject(&s->question, index, REASON_BOUND,
				"'%s' on line %d would have to move to '%s'", other->name,
				other->line, moved->to != NULL ? moved->to : "");
		return false;
	}
	if (verdict.reason != REASON_NONE)
		s->rule = verdict.rule;
	return true;
}

/* Whether the file admits the release, with all that would move with it. So of several
 * images that one ARG feeds each chooses the highest that all of them have and may
 * have. `*entailed` is what would move, of Update, this one first; the caller's; NULL
 * where nothing else can. */
static bool is_admitted(Selection *s, guint index, GPtrArray **entailed)
{
	const Ecosystem *ecosystem = s->manifest->ecosystem;
	g_autoptr(GError) error = NULL;

	*entailed = NULL;
	if (ecosystem->entail == NULL || s->dependency->version == NULL)
		return true;
	*entailed = ecosystem->entail(s->manifest, s->dependency, release_at(s, index)->version,
				      &error);
	if (*entailed == NULL) {
		question_reject(&s->question, index, REASON_BOUND, "%s", error->message);
		return false;
	}
	for (guint i = 1; i < (*entailed)->len; i++)
		if (!may_follow(s, index, g_ptr_array_index(*entailed, i)))
			return false;
	return true;
}

/* The question that the dependency would be asked if it were chosen for. */
static Question *companion_new(const Selection *s, const Dependency *dependency)
{
	Question *q = g_new0(Question, 1);

	*q = s->question;
	q->dependency = dependency;
	q->verdicts = NULL;
	q->wishes = g_ptr_array_new_with_free_func((GDestroyNotify)wish_free);
	memset(q->cooldown, 0, sizeof q->cooldown);
	if (!q->is_named && !s->is_urgent)
		filter_cooldown(s->manifest->ecosystem, q->rules, dependency, q->cooldown);
	return q;
}

/* Whether what moves with the release can be taken too; the release has its verdict
 * if not. That a companion stays what it was is nothing against it. */
static bool is_borne(Selection *s, guint index, const Update *moved, Age *age)
{
	const Ecosystem *ecosystem = s->manifest->ecosystem;
	const Dependency *other = moved->dependency;
	const Release *release = ecosystem->counterpart(other, moved->to, true);
	Question *q = companion_new(s, other);
	g_autofree Verdict *verdicts = g_new0(Verdict, other->offer->releases->len);
	g_autofree char *text = NULL;
	int64_t wait, ready_at;
	guint at;

	g_ptr_array_add(s->companions, q);
	if (!g_ptr_array_find(other->offer->releases, release, &at))
		g_assert_not_reached();
	q->verdicts = verdicts;
	examine(ecosystem, q, at, age);
	q->verdicts = NULL;
	text = verdicts[at].text;
	if (q->wishes->len > 0)
		return true; /* it is not known yet */
	if (verdicts[at].reason != REASON_NONE && verdicts[at].reason != REASON_SAME_CONTENT) {
		question_reject(&s->question, index, REASON_BOUND, "'%s' on line %d stays: %s",
				other->name, other->line,
				text != NULL ? text : reason_word(verdicts[at].reason));
		return false;
	}
	if (verdicts[at].reason != REASON_NONE ||
	    !is_too_young(ecosystem, q, release, *age, &wait, &ready_at))
		return true;
	hold(s, index, wait, ready_at, other);
	return false;
}

/* Whether the release stands up to examination and is old enough, and so is all that
 * moves with it (`entailed`, NULL: nothing does). False: it has its verdict, or more
 * must be known. `*bars`: lower ones are not to be taken instead. */
static bool is_sound(Selection *s, guint index, const GPtrArray *entailed, bool *bars)
{
	const Ecosystem *ecosystem = s->manifest->ecosystem;
	int64_t wait, ready_at;
	Age age = { 0 };
	bool is_good = true;

	*bars = false;
	g_ptr_array_set_size(s->companions, 0);
	examine(ecosystem, &s->question, index, &age);
	if (has_wishes(s) || s->question.verdicts[index].reason != REASON_NONE)
		return false;
	if (is_too_young(ecosystem, &s->question, release_at(s, index), age, &wait, &ready_at)) {
		hold(s, index, wait, ready_at, NULL);
		*bars = age.bars;
		return false;
	}
	for (guint i = 1; is_good && entailed != NULL && i < entailed->len; i++) {
		Age theirs = { 0 };

		is_good = is_borne(s, index, g_ptr_array_index(entailed, i), &theirs);
		*bars = !is_good && theirs.bars;
	}
	return is_good && !has_wishes(s);
}

/* Goes down the candidates from `*next` until one is taken; a second one is none that
 * leaps. False: more must be known. */
static bool descend(Selection *s, const GArray *ranked, guint *next)
{
	int tried = 0, refused = 0;
	bool is_second = s->update != NULL, bars = false;

	while (*next < ranked->len && refused < MOST_REFUSED && !bars &&
	       (is_second ? s->update->otherwise : s->update) == NULL) {
		guint index = g_array_index(ranked, guint, *next);
		g_autoptr(GPtrArray) entailed = NULL;

		if (tried >= MOST_TRIED && !release_at(s, index)->is_described)
			break;
		++*next;
		if (is_second && leaps(s, index)) {
			question_reject(&s->question, index, REASON_LOWER, NULL);
			continue;
		}
		if (!is_admitted(s, index, &entailed)) {
			refused++;
			continue;
		}
		tried++;
		if (is_sound(s, index, entailed, &bars))
			take(s, index);
		if (has_wishes(s))
			return false;
	}
	return true;
}

/* Walks the candidates from the best down, until one is taken, and another for the case
 * that it comes to nothing. False: more must be known. */
static bool walk(Selection *s, const GArray *ranked)
{
	int64_t held_until;
	guint next = 0;

	if (!descend(s, ranked, &next))
		return false;
	held_until = s->held_until;
	if (s->update != NULL && leaps(s, g_array_index(ranked, guint, next - 1)) &&
	    !descend(s, ranked, &next))
		return false;
	s->held_until = held_until; /* not of those below what is taken */
	for (; next < ranked->len; next++)
		question_reject(&s->question, g_array_index(ranked, guint, next), REASON_LOWER,
				NULL);
	return true;
}

/* The version stays; something else may move, or the best reason is found. */
static bool keep_version(Selection *s)
{
	const Ecosystem *ecosystem = s->manifest->ecosystem;
	Verdict verdict = { .reason = REASON_UP_TO_DATE };

	if (ecosystem->complete != NULL) {
		g_autoptr(Update) update = update_new(s->manifest, s->dependency);

		update->from = g_strdup(s->dependency->version);
		update->to = g_strdup(s->dependency->version);
		verdict = ecosystem->complete(&s->question, NULL, update);
		if (has_wishes(s)) {
			g_free(verdict.text);
			return false;
		}
		if (verdict.reason == REASON_NONE) {
			s->update = g_steal_pointer(&update);
			return true;
		}
	}
	s->reason = verdict.reason;
	g_free(s->text);
	s->text = verdict.text;
	if (s->held_until == 0)
		s->held_until = verdict.ready_at;
	return true;
}

/* Among the releases' verdicts and the one on the version as it is. */
static void find_reason(Selection *s)
{
	for (size_t k = 0; k < G_N_ELEMENTS(weightiest); k++) {
		if (s->reason == weightiest[k])
			return;
		for (guint i = 0; i < releases_of(s)->len; i++) {
			const Verdict *verdict = &s->question.verdicts[i];

			if (verdict->reason != weightiest[k])
				continue;
			stays(s, verdict->reason, verdict->text, verdict->rule);
			return;
		}
	}
}

/* The present version, where it is offered. */
static const Release *present_release(const Selection *s)
{
	for (guint i = 0; i < releases_of(s)->len; i++)
		if (s->question.verdicts[i].reason == REASON_UP_TO_DATE)
			return release_at(s, i);
	return NULL;
}

static void begin(Selection *s)
{
	free_verdicts(s);
	s->verdict_count = releases_of(s)->len;
	s->question.verdicts = g_new0(Verdict, MAX(s->verdict_count, 1));
	g_ptr_array_set_size(s->question.wishes, 0);
	g_ptr_array_set_size(s->companions, 0);
	g_clear_pointer(&s->update, update_free);
	g_clear_pointer(&s->text, g_free);
	s->reason = REASON_NONE;
	s->rule = NULL;
	s->latest = NULL;
	s->is_barred = false;
	s->held_until = 0;
}

static bool choose(Selection *s)
{
	const Ecosystem *ecosystem = s->manifest->ecosystem;
	g_autoptr(GArray) ranked = NULL;

	ecosystem->judge(&s->question);
	if (has_wishes(s))
		return false;
	apply_rules(s);
	ranked = ecosystem->rank(&s->question);
	if (has_wishes(s))
		return false;
	if (ranked->len > 0)
		s->latest = release_at(s, g_array_index(ranked, guint, 0));
	if (!walk(s, ranked))
		return false;
	if (s->update != NULL)
		return true;
	if (s->is_barred && s->question.is_named && !s->overrides) {
		s->overrides = true; /* as apply_rules does with its own */
		begin(s);
		return choose(s);
	}
	if (!keep_version(s))
		return false;
	if (s->update != NULL)
		return true;
	if (s->latest == NULL && s->reason == REASON_UP_TO_DATE)
		s->latest = present_release(s);
	find_reason(s);
	return true;
}

/* A person named the release. */
static bool take_named(Selection *s)
{
	guint index;

	if (!g_ptr_array_find(s->dependency->offer->releases, s->named, &index))
		return stays(s, REASON_ABSENT, NULL, NULL);
	question_wish(&s->question, release_at(s, index));
	if (has_wishes(s))
		return false;
	if (g_strcmp0(s->named->version, s->dependency->version) == 0)
		return keep_version(s);
	take(s, index);
	if (has_wishes(s))
		return false;
	if (s->update == NULL)
		stays(s, s->question.verdicts[index].reason, s->question.verdicts[index].text,
		      NULL);
	return true;
}

bool selection_make(Selection *s)
{
	const Offer *offer = s->dependency->offer;

	if (selection_is_idle(s))
		return true;
	if (offer == NULL)
		return stays(s, REASON_UNRESOLVED, "it was not looked up", NULL);
	if (offer->error != NULL)
		return stays(s, REASON_UNRESOLVED, offer->error->message, NULL);
	if (s->rounds++ >= MOST_ROUNDS)
		return stays(s, REASON_UNRESOLVED, "too much would have to be looked up", NULL);
	begin(s);
	return s->named != NULL ? take_named(s) : choose(s);
}
