/* SPDX-License-Identifier: MIT */
#include "config/ecosystem.h"

#include "config/nearest.h"

#include <string.h>

/* The first are those we handle. */
#define N_HANDLED 3
static const char *const known[] = {
	"docker",        "docker-compose",
	"gomod",         "bazel",
	"bun",           "bundler",
	"cargo",         "composer",
	"conda",         "deno",
	"devcontainers", "dotnet-sdk",
	"elm",           "github-actions",
	"gitsubmodule",  "gradle",
	"helm",          "julia",
	"maven",         "mix",
	"nix",           "npm",
	"nuget",         "opentofu",
	"pip",           "pre-commit",
	"pub",           "rust-toolchain",
	"sbt",           "swift",
	"terraform",     "uv",
	"vcpkg",         NULL,
};

/* What people write instead: tools, languages, Dependabot's names for branches. */
static const struct {
	const char *tool, *name;
} tools[] = {
	{ "go", "gomod" },
	{ "golang", "gomod" },
	{ "go_modules", "gomod" },
	{ "go-modules", "gomod" },
	{ "compose", "docker-compose" },
	{ "docker_compose", "docker-compose" },
	{ "dockerfile", "docker" },
	{ "containerfile", "docker" },
	{ "kubernetes", "docker" },
	{ "yarn", "npm" },
	{ "pnpm", "npm" },
	{ "npm_and_yarn", "npm" },
	{ "node", "npm" },
	{ "javascript", "npm" },
	{ "poetry", "pip" },
	{ "pipenv", "pip" },
	{ "pip-compile", "pip" },
	{ "python", "pip" },
	{ "hex", "mix" },
	{ "elm-package", "elm" },
	{ "actions", "github-actions" },
	{ "rust", "cargo" },
	{ "ruby", "bundler" },
	{ "submodules", "gitsubmodule" },
	{ "git-submodules", "gitsubmodule" },
	{ "php", "composer" },
};

bool ecosystem_is_known(const char *name)
{
	for (size_t i = 0; known[i] != NULL; i++)
		if (strcmp(known[i], name) == 0)
			return true;
	return false;
}

bool ecosystem_is_handled(const char *name)
{
	for (size_t i = 0; i < N_HANDLED; i++)
		if (strcmp(known[i], name) == 0)
			return true;
	return false;
}

const char *ecosystem_meant_by(const char *name)
{
	for (size_t i = 0; i < G_N_ELEMENTS(tools); i++)
		if (g_ascii_strcasecmp(tools[i].tool, name) == 0)
			return tools[i].name;
	return nearest(name, known);
}
