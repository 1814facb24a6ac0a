/* SPDX-License-Identifier: MIT */
/* Images in YAML: compose files, Kubernetes manifests, values of Helm charts.
 *
 * Source: docker.md 1.1, 2.6. Text is taken as it stands in the file, never as
 * a typed value: `tag: 1.20` is 1.20. What came in by an alias or a merge key
 * stands at its anchor.
 */
#pragma once

#include "base/yaml.h"
#include "ecosystems/docker/site.h"
#include "upkeepd/manifest.h"

/* `services.*.image`, and all images of `services.*.build.dockerfile_inline`,
 * with their service, located. `path` is for problems, which are appended.
 * Of Site, the caller's.
 *
 * Errors: LIMIT. */
GPtrArray *images_of_compose(const YamlFile *yaml, GBytes *text, const char *path,
			     GPtrArray *problems, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Every `image` at any depth of every document: a text, or a mapping of
 * repository and tag (or version), perhaps registry and digest, or the
 * reference of an image volume; with its path, located. Of Site, the caller's.
 *
 * Errors: LIMIT. */
GPtrArray *images_of_kubernetes(const YamlFile *yaml, GBytes *text, GError **error)
	G_GNUC_WARN_UNUSED_RESULT;

/* Whether the first document is a Kubernetes object: it has `apiVersion` and
 * `kind`. */
bool images_is_kubernetes(const YamlFile *yaml);
