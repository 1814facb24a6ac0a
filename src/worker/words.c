/* SPDX-License-Identifier: MIT */
#include "worker/words.h"

#include "config/settings.h"
#include "publish/address.h"
#include "publish/body.h"
#include "publish/identity.h"
#include "publish/notes.h"
#include "worker/proposals.h"

/* How long a run asks for notes, altogether. */
enum { PATIENCE_MS = 10000 };

/* What is older is left as it is, in seconds (pull-requests.md 9.6). */
enum { TENDED_FOR = 30 * 24 * 60 * 60 };

/* The forges that the settings name: their hosts may be asked. */
static GArray *known_forges(const Job *job)
{
	GArray *known = g_array_new(FALSE, FALSE, sizeof(KnownForge));
	const GPtrArray *repositories = job->settings->repositories;

	for (guint i = 0; i < repositories->len; i++) {
		const RepositorySettings *repository = g_ptr_array_index(repositories, i);
		KnownForge one = { repository->url, repository->forge };

		if (one.url == NULL || !repository->is_usable)
			continue;
		if (one.name == NULL)
			one.name = forge_guess(one.url);
		g_array_append_val(known, one);
	}
	return known;
}

/* What the journal knows of a branch; NULL: nothing. */
static PlanRecord *record_of(const Job *job, const char *branch)
{
	PlanRecord *record = NULL;
	g_autoptr(GError) error = NULL;

	if (!journal_find(job->turn->store, job_repository(job), branch, &record, &error))
		g_debug("what became of '%s' cannot be read: %s", branch, error->message);
	return record;
}

static bool is_old(const Job *job, const PlanRecord *record)
{
	return record != NULL && record->opened_at > 0 &&
	       record->opened_at <= job->world.now - TENDED_FOR;
}

/* Whether a body is about to be written that people will read. */
static bool is_worth_asking(const Job *job, const Move *move)
{
	const Proposal *there = proposals_open_one(job, move->plan->branch);
	g_autoptr(PlanRecord) record = NULL;

	if (there == NULL)
		return true;
	record = record_of(job, move->plan->branch);
	if (there->body == NULL || !identity_has_marker(there->body) || is_old(job, record))
		return false;
	if (move->action == ACTION_UNCHANGED && record != NULL && record->state == PLAN_DONE)
		return proposals_lack_notes(there, move->plan);
	return !body_is_same(there->body, move->plan->body);
}

static void complete(Job *job, Notes *notes, const Move *move)
{
	Plan *plan = move->plan;
	Wording wording = job_wording(job, job_base(job, plan));
	g_autoptr(GError) error = NULL;
	/* What is written by a push is not written without one. */
	bool is_asking = (job->forge->can & CAN_PROPOSE) != 0
				 ? is_worth_asking(job, move)
				 : move->action == ACTION_CREATED || move->action == ACTION_UPDATED;

	if ((job->forge->can & (CAN_PROPOSE | CAN_PROPOSE_BY_PUSH)) == 0 ||
	    (move->action == ACTION_UNCHANGED && !is_asking))
		return;
	/* A group across ecosystems asks as its first entry: what is told is told of all. */
	notes_tell(notes, registries_world(job->registries, plan->rules), plan, is_asking);
	if (!text_fill(plan, &wording, &error))
		g_debug("no better words: %s", error->message);
}

static bool has_words(const Move *move)
{
	return move->plan != NULL && move->plan->error == NULL && move->plan->amendment == NULL &&
	       (move->action == ACTION_CREATED || move->action == ACTION_UPDATED ||
		move->action == ACTION_UNCHANGED);
}

void words_complete(Job *job, const GPtrArray *moves)
{
	g_autoptr(GArray) known = known_forges(job);
	g_autoptr(Notes) notes = notes_new(job->repository, known, PATIENCE_MS);

	for (guint i = 0; i < moves->len; i++) {
		const Move *move = g_ptr_array_index(moves, i);

		if (has_words(move))
			complete(job, notes, move);
	}
}
