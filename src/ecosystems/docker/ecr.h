/* SPDX-License-Identifier: MIT */
/* The registry of AWS takes no access key: it wants a password that its API gives for one,
 * good for twelve hours. The same API knows when an image was pushed.
 *
 * What is sent is a signature, never the secret key. Pure. Source: docker.md 5.3; Amazon ECR
 * API reference, GetAuthorizationToken; AWS Signature Version 4.
 */
#pragma once

#include "net/http.h"

/* Where the password for `host` is asked for, "https://api.ecr.eu-west-1.amazonaws.com", and
 * the region, the caller's; NULL if the host is none of ECR's private registries. */
char *ecr_endpoint(const char *host, char **region);

/* The request for a password, signed with the access key; `endpoint` is the URL without a
 * last slash. The caller's. */
HttpRequest *ecr_request(const Credential *key, const char *endpoint, const char *region,
			 int64_t now);

/* What one request may ask about. */
enum { ECR_IMAGES = 100 };

/* The request for what ECR knows of the `digests` (of char *, the first ECR_IMAGES) of the
 * repository `path` at `host`, one that ecr_endpoint() knows. The answer is read by
 * taglist_read_ecr(). The caller's.
 * Source: Amazon ECR API reference, DescribeImages. */
HttpRequest *ecr_images_request(const Credential *key, const char *endpoint, const char *region,
				const char *host, const char *path, const GPtrArray *digests,
				int64_t now);

/* The password, for the user AWS, in the answer to it; NULL if that holds none. The
 * caller's. */
Secret *ecr_password(const HttpRequest *request);
