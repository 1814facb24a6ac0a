/* SPDX-License-Identifier: MIT */
/* Holds GraphQL requests against GitHub's published schema:
 *
 *     node graphql.js FOLDER <requests.json
 *
 * FOLDER is where ./install has installed; a request is {"query": …, "variables": …}. Prints
 * the list of all that is wrong with the documents and their variables. */
"use strict";
const { createRequire } = require("module");
const fs = require("fs");
const path = require("path");

const installed = createRequire(path.resolve(process.argv[2], "package.json"));
const { buildSchema, getOperationAST, getVariableValues, parse, validate } = installed("graphql");
const published = path.join(process.argv[2], "node_modules/@octokit/graphql-schema/schema.graphql");

/* The published text says two fields twice. */
const schema = buildSchema(fs.readFileSync(published, "utf8"), { assumeValidSDL: true });

function wrongWith({ query, variables = {} }) {
	const document = parse(query);
	const errors = validate(schema, document);
	if (errors.length > 0)
		return errors;
	const wanted = getOperationAST(document).variableDefinitions ?? [];
	const names = wanted.map((one) => one.variable.name.value);
	const unknown = Object.keys(variables).filter((name) => !names.includes(name));
	return [
		...(getVariableValues(schema, wanted, variables).errors ?? []),
		...unknown.map((name) => ({ message: `no variable "${name}"` })),
	];
}

const requests = JSON.parse(fs.readFileSync(0, "utf8"));
console.log(JSON.stringify(requests.flatMap(wrongWith).map((error) => error.message)));
