# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# Completion of upkeepd(8) for bash.

_upkeepd()
{
	local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD - 1]} word command='' i
	local commands='check update tidy explain validate status auth inspect'
	local options='--config --state --json --offline --now --quiet --verbose --color --help --version'

	for ((i = 1; i < COMP_CWORD; i++)); do
		word=${COMP_WORDS[i]}
		case $word in
		--config | --state | --now | --color) ((i++)) ;;
		--run-once) command=$word && break ;;
		-*) ;;
		*) command=$word && break ;;
		esac
	done
	case $prev in
	--config) mapfile -t COMPREPLY < <(compgen -f -- "$cur") && return ;;
	--state) mapfile -t COMPREPLY < <(compgen -d -- "$cur") && return ;;
	--color) mapfile -t COMPREPLY < <(compgen -W 'auto always never' -- "$cur") && return ;;
	--now) return ;;
	esac
	case $command in
	'') options+=" --run-once" ;;
	--run-once) options+=" --due --dry-run" ;;
	check) options+=" --exit-code" ;;
	update) options+=" --diff" ;;
	tidy) options+=" --diff --check" ;;
	esac
	if [[ $cur == -* ]]; then
		mapfile -t COMPREPLY < <(compgen -W "$options" -- "$cur")
		return
	fi
	case $command in
	'') mapfile -t COMPREPLY < <(compgen -W "$commands" -- "$cur") ;;
	check | update | tidy | explain) mapfile -t COMPREPLY < <(compgen -d -- "$cur") ;;
	validate) mapfile -t COMPREPLY < <(compgen -f -- "$cur") ;;
	auth) [[ $prev == auth ]] && mapfile -t COMPREPLY < <(compgen -W check -- "$cur") ;;
	inspect)
		if [[ $prev == inspect ]]; then
			mapfile -t COMPREPLY < <(compgen -W 'dockerfile compose kubernetes helm gomod
				gowork gosum dependabot message tag reference goversion' -- "$cur")
		else
			mapfile -t COMPREPLY < <(compgen -f -- "$cur")
		fi
		;;
	esac
}
complete -o filenames -F _upkeepd upkeepd
