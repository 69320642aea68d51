// SPDX-License-Identifier: MIT
//
// completion_bash.c - completion for bash: see completion_words.h. One function looks at the
// words so far; what depends on command and option are the branches of two case
// statements, and those are written from the tables.
#include "driver/command/completion_words.h"

#include "driver/command/commands.h"

// Bash splits words at '=' and ':', so --profile=quick comes as three of them.
static const char head[] =
    "# Completion of quartet for bash. Written by 'quartet completion bash'.\n"
    "\n"
    "# Each function fills COMPREPLY with what may stand for the word $1.\n"
    "_quartet_from() { # WORD CANDIDATES...\n"
    "    local IFS=$' \\t\\n'\n"
    "    COMPREPLY=($(compgen -W \"${*:2}\" -- \"$1\"))\n"
    "}\n"
    "\n"
    "# Words that quartet itself knows, in a list with commas.\n"
    "_quartet_list() { # WORD KIND\n"
    "    local done='' word\n"
    "    [[ $1 != *,* ]] || done=${1%,*},\n"
    "    _quartet_from \"${1##*,}\" $(\"${COMP_WORDS[0]}\" completion --words \"$2\" "
    "2>/dev/null)\n"
    "    COMPREPLY=(\"${COMPREPLY[@]/#/$done}\")\n"
    "    compopt -o nospace 2>/dev/null\n"
    "}\n"
    "\n"
    "_quartet_files() { # WORD [PATTERN]\n"
    "    local IFS=$'\\n'\n"
    "    compopt -o filenames 2>/dev/null\n"
    "    if (($# == 1)); then\n"
    "        COMPREPLY=($(compgen -f -- \"$1\"))\n"
    "    else\n"
    "        COMPREPLY=($(compgen -d -- \"$1\") $(compgen -f -X \"!$2\" -- \"$1\"))\n"
    "    fi\n"
    "}\n"
    "\n"
    "_quartet_base() { # WORD\n"
    "    local names\n"
    "    _quartet_from \"$1\" $(\"${COMP_WORDS[0]}\" completion --words baselines "
    "2>/dev/null)\n"
    "    names=(\"${COMPREPLY[@]}\")\n"
    "    _quartet_files \"$1\"\n"
    "    COMPREPLY+=(\"${names[@]}\")\n"
    "}\n"
    "\n"
    "_quartet() {\n"
    "    local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD-1]}\n"
    "    local command=${COMP_WORDS[1]} operands=0 i\n"
    "    COMPREPLY=()\n"
    "    if [[ $word == = ]]; then\n"
    "        word=''\n"
    "    elif [[ $before == = ]]; then\n"
    "        before=${COMP_WORDS[COMP_CWORD-2]}\n"
    "    fi\n"
    "    if ((COMP_CWORD == 1)); then\n"
    "        _quartet_from \"$word\" $_quartet_commands --help --version\n"
    "        return\n"
    "    fi\n"
    "    # What follows an option is its value, unless the option is a flag.\n"
    "    for ((i = 2; i < COMP_CWORD; i++)); do\n"
    "        case ${COMP_WORDS[i]}:${COMP_WORDS[i-1]} in\n"
    "        -*:* | =:* | *:=) continue ;;\n"
    "        *:-*) [[ $_quartet_flags == *\" ${COMP_WORDS[i-1]} \"* ]] || continue ;;\n"
    "        esac\n"
    "        operands=$((operands + 1))\n"
    "    done\n";

static const char tail[] = "    esac\n"
                           "}\n"
                           "\n"
                           "complete -F _quartet quartet\n";

static void print_lists(FILE *file)
{
    fputs("\n_quartet_commands='", file);
    for (size_t i = 0; i < command_count; i++)
        fprintf(file, "%s%s", i == 0 ? "" : " ", commands[i].name);
    fputs("'\n_quartet_flags=' ", file);
    for (size_t i = 0; i < command_count; i++)
        for (const struct option_spec *spec = commands[i].specs; spec->name != NULL;
             spec++)
            if (completion_kind_of(spec) == COMPLETION_FLAG)
                fprintf(file, "--%s ", spec->name);
    fputs("'\n", file);
}

static void print_action(FILE *file, const struct option_spec *spec)
{
    switch (completion_kind_of(spec)) {
    case COMPLETION_CHOICE:
        fputs("_quartet_from \"$word\" ", file);
        completion_print_choices(file, spec);
        break;
    case COMPLETION_WORDS:
        fprintf(file, "_quartet_list \"$word\" %s", spec->name);
        break;
    case COMPLETION_BASE:
        fputs("_quartet_base \"$word\"", file);
        break;
    case COMPLETION_FILE:
        fputs("_quartet_files \"$word\"", file);
        break;
    case COMPLETION_FLAG:
    case COMPLETION_NOTHING:
        break;
    }
    fputs("; return ;;\n", file);
}

// "run:--profile) _quartet_from ...; return ;;"
static void print_values(FILE *file, const struct command *command)
{
    for (const struct option_spec *spec = command->specs; spec->name != NULL; spec++) {
        if (completion_kind_of(spec) == COMPLETION_FLAG)
            continue;
        fprintf(file, "    %s:--%s", command->name, spec->name);
        if (completion_is_output(spec))
            fprintf(file, " | %s:-o", command->name);
        fputs(") ", file);
        if (completion_kind_of(spec) == COMPLETION_NOTHING)
            fputs("return ;;\n", file);
        else
            print_action(file, spec);
    }
}

static void print_options(FILE *file, const struct command *command)
{
    fprintf(file, "    %s) _quartet_from \"$word\"", command->name);
    for (const struct option_spec *spec = command->specs; spec->name != NULL; spec++)
        fprintf(file, " --%s", spec->name);
    fputs(" ;;\n", file);
}

static void print_operand(FILE *file, const struct command *command)
{
    static const char *const actions[] = {
        [OPERAND_NONE] = NULL,
        [OPERAND_REPORT] = "((operands > 0)) || _quartet_files \"$word\" '*.json'",
        [OPERAND_REPORTS] = "((operands > 1)) || _quartet_files \"$word\" '*.json'",
        [OPERAND_WORKLOAD] = "_quartet_from \"$word\" $(\"${COMP_WORDS[0]}\" completion "
                             "--words all 2>/dev/null)",
        [OPERAND_COMMAND] = "((operands > 0)) || _quartet_from \"$word\" "
                            "$_quartet_commands",
        [OPERAND_SHELL] = "((operands > 0)) || _quartet_from \"$word\" bash zsh fish",
        [OPERAND_BASELINE] =
            "case $operands in\n"
            "        0) _quartet_from \"$word\" save list show ;;\n"
            "        1) _quartet_from \"$word\" $(\"${COMP_WORDS[0]}\" completion "
            "--words baselines 2>/dev/null) ;;\n"
            "        2) _quartet_files \"$word\" '*.json' ;;\n"
            "        esac",
    };
    if (actions[command->operand] != NULL)
        fprintf(file, "    %s) %s ;;\n", command->name, actions[command->operand]);
}

void completion_bash(FILE *file)
{
    fputs(head, file);
    fputs("    case $command:$before in # the value of an option\n", file);
    for (size_t i = 0; i < command_count; i++)
        print_values(file, &commands[i]);
    fputs("    esac\n"
          "    if [[ $word == -* ]]; then\n"
          "        case $command in\n",
          file);
    for (size_t i = 0; i < command_count; i++) {
        fputs("    ", file);
        print_options(file, &commands[i]);
    }
    fputs("        esac\n"
          "        return\n"
          "    fi\n"
          "    case $command in\n",
          file);
    for (size_t i = 0; i < command_count; i++)
        print_operand(file, &commands[i]);
    fputs(tail, file);
    print_lists(file);
}
