/* SPDX-License-Identifier: MIT */
/* What is wrong with a repository and does not end its turn, each said once: mistakes
 * in its rules and files, what could not be looked up, rules that fit no version.
 */
#pragma once

#include "worker/job.h"

/* Of the rules as they were read. */
void mistakes_in_rules(const Job *job);

/* Of the files of all bases: whatever came up from reading to rewriting them. */
void mistakes_in_files(const Job *job);

/* What was asked for in vain, at the first place that asks for it. */
void mistakes_in_look_ups(const Job *job, const Base *base);
