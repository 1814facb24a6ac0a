/* SPDX-License-Identifier: MIT */
/* One order: what is done about it at the moment it is heard, and what is answered. */
#pragma once

#include "worker/orders.h"

/* Does what `order` needs before the run, and adds its answer, NULL where the run has
 * yet to find it, to heard->answers. */
bool obey(Job *job, Heard *heard, const Order *order, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Answers an order that the forge refused, for `why`, in its words. */
void obey_refused(Heard *heard, const char *why);

/* The whole answer to a comment when the run is over, with the mark by which it is
 * known; the caller's. NULL: what it orders failed for now, and is to be heard again. */
char *obey_answer(const Job *job, const Heard *heard);
