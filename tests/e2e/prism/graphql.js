/* SPDX-License-Identifier: MIT */
/* Holds GraphQL requests against GitHub's published schema:
 *
 *     node graphql.js FOLDER <requests.json
 *
 * FOLDER is where ./install has installed; a request is {"query": …, "variables": …,
 * "answer": …}. Prints the list of all that is wrong with the documents, their variables and
 * the data of their answers. */
"use strict";
const { createRequire } = require("module");
const fs = require("fs");
const path = require("path");

const installed = createRequire(path.resolve(process.argv[2], "package.json"));
const { buildSchema, execute, getOperationAST, getVariableValues, parse, validate } = installed("graphql");
const published = path.join(process.argv[2], "node_modules/@octokit/graphql-schema/schema.graphql");

/* The published text says two fields twice. */
const schema = buildSchema(fs.readFileSync(published, "utf8"), { assumeValidSDL: true });

function wrongWithAnswer(document, variableValues, answer) {
	const rootValue = answer?.data;
	if (rootValue == null)
		return [];
	const { data, errors = [] } = execute({ schema, document, rootValue, variableValues });
	const is_same = JSON.stringify(data) === JSON.stringify(rootValue);
	return errors.length > 0 || is_same ? errors : [{ message: "the answer has what was not asked" }];
}

function wrongWith({ query, variables = {}, answer }) {
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
		...wrongWithAnswer(document, variables, answer),
	];
}

const requests = JSON.parse(fs.readFileSync(0, "utf8"));
console.log(JSON.stringify(requests.flatMap(wrongWith).map((error) => error.message)));
