/* SPDX-License-Identifier: MIT */
/* Every ceiling in the program, with its reason.
 *
 * Bytes from a repository, registry, proxy or forge are hostile until counted:
 * nothing is allocated on the word of a stranger without one of these.
 * Sizes are bytes, durations milliseconds.
 */
#pragma once

#include <stdint.h>

/* Files of repositories. The largest go.sum known has 0.6 MiB; a Dockerfile
 * beyond one MiB is generated and nobody reads its diff. */
#define LIMIT_MANIFEST    (1024 * 1024)
#define LIMIT_GOSUM       (16 * 1024 * 1024)
#define LIMIT_CONFIG      (1024 * 1024)      /* dependabot.yml, upkeepd.yml */
#define LIMIT_TREE_FILES  200000             /* files looked at in one repository */
#define LIMIT_MANIFESTS   2000               /* manifests read in one repository */
#define LIMIT_DIRECTORIES 1000               /* that one entry's globs take in */
#define LIMIT_REGISTRIES  100                /* that one dependabot.yml defines */
#define LIMIT_SOURCE_FILE (10 * 1024 * 1024) /* a .go file whose imports are read */

/* Git. A tree may name one subtree a thousand times, so paths are counted where
 * they are made; 32 MiB of one object is far above what is read of any. */
#define LIMIT_PACK          (256 * 1024 * 1024) /* one fetch of a repository's tip */
#define LIMIT_PACK_OBJECTS  500000
#define LIMIT_PACK_OBJECT   (32 * 1024 * 1024) /* one object made of deltas */
#define LIMIT_TREE          (16 * 1024 * 1024) /* one folder's object */
#define LIMIT_TREE_DEPTH    100                /* folders in folders */
#define LIMIT_PATH          4096               /* one path in a tree or a module's zip */
#define LIMIT_PATHS         (64 * 1024 * 1024) /* all paths of one tree or zip together */
#define LIMIT_COMMIT        (1024 * 1024)      /* one commit object */
#define LIMIT_HISTORY_BYTES (16 * 1024 * 1024) /* commits alone, for the style of messages */
#define LIMIT_REFS          10000              /* branches looked at in one repository */
#define LIMIT_BRANCH        512                /* one branch's name */

/* YAML (operations.md 5): with these 16 hostile files took at most 25 ms. */
#define LIMIT_YAML_DEPTH   64
#define LIMIT_YAML_EVENTS  200000
#define LIMIT_YAML_ALIASES 100

/* Dockerfiles (docker.md 2.8). The builder's own reader refuses longer lines.
 * Steps count what expansion compares and copies in one file. */
#define LIMIT_DOCKER_LINE         65535
#define LIMIT_DOCKER_INSTRUCTIONS 4096
#define LIMIT_DOCKER_STAGES       512
#define LIMIT_DOCKER_REFERENCES   1024
#define LIMIT_DOCKER_ARGS         256
#define LIMIT_DOCKER_WORD         4096
#define LIMIT_DOCKER_DEPTH        16
#define LIMIT_DOCKER_HEREDOCS     64
#define LIMIT_DOCKER_STEPS        (16 * 1024 * 1024)

/* JSON answers; a page of 100 tag records has about 160 KB. */
#define LIMIT_JSON        (16 * 1024 * 1024)
#define LIMIT_JSON_DEPTH  200
#define LIMIT_JSON_VALUES 1000000 /* of 64 bytes and more each, for two bytes of text */

/* Answers of other kinds. */
#define LIMIT_ANSWER        (16 * 1024 * 1024)
#define LIMIT_ROUND         (512 * 1024 * 1024) /* all bodies asked for at once */
#define LIMIT_MANIFEST_BODY (4 * 1024 * 1024)   /* an OCI index or manifest */
#define LIMIT_MODULE_ZIP    (500 * 1024 * 1024) /* as the Go command's own */
#define LIMIT_MODULE_GOMOD  (16 * 1024 * 1024) /* one go.mod in a module: as the Go command's own */
#define LIMIT_MODULE_INFO   (1024 * 1024)      /* time and origin of one version */
#define LIMIT_PAGES         200                /* pages of one list */
#define LIMIT_TAG_PAGES     1000               /* of the tags of one image (docker.md 5.1) */
#define LIMIT_TAGS          200000             /* tags of one image */
#define LIMIT_VERSIONS      100000             /* versions of one module */
#define LIMIT_MAJORS        128                /* of one module, looked at in a row; some have 80 */
#define LIMIT_TOP_MAJORS    4                  /* of them, the highest: their lists are kept */
#define LIMIT_REDIRECTS     5
#define LIMIT_URL           4096
#define LIMIT_HEADER        (64 * 1024) /* all header lines of one answer */
#define LIMIT_ORDERS        20          /* that are read in one comment */

/* Time. */
#define LIMIT_CONNECT_MS  10000
#define LIMIT_STALL_MS    30000  /* this long below 200 bytes a second ends a transfer */
#define LIMIT_REQUEST_MS  60000  /* one small request */
#define LIMIT_TRANSFER_MS 600000 /* one zip or pack */
#define LIMIT_TRIES       4      /* of one request that fails in a passing way */
