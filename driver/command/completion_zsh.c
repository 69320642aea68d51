// SPDX-License-Identifier: MIT
//
// completion_zsh.c - completion for zsh: see completion_words.h. Each command becomes a call of
// _arguments, which zsh brings along (zshcompsys(1)).
#include "driver/command/completion_words.h"

#include "driver/command/commands.h"

#define QUOTED "\\[]:" // within the specifications of _arguments

static const char head[] =
    "#compdef quartet\n"
    "# Completion of quartet for zsh. Written by 'quartet completion zsh'.\n"
    "\n"
    "# Words that quartet itself knows, in a list with commas.\n"
    "_quartet_list() { # KIND\n"
    "    local -a known\n"
    "    known=(${(f)\"$($program completion --words $1 2>/dev/null)\"})\n"
    "    _values -s , $1 $known\n"
    "}\n"
    "\n"
    "_quartet_words() { # KIND\n"
    "    local -a known\n"
    "    known=(${(f)\"$($program completion --words $1 2>/dev/null)\"})\n"
    "    compadd -a known\n"
    "}\n"
    "\n"
    "_quartet_base() {\n"
    "    _quartet_words baselines\n"
    "    _files\n"
    "}\n"
    "\n"
    "_quartet() {\n"
    "    local program=$words[1] command=$words[2]\n"
    "    local -a commands\n"
    "    commands=(\n";

// A text within single quotes.
static void print_quoted(FILE *file, const char *text)
{
    for (; *text != '\0'; text++) {
        char one[] = {*text, '\0'};
        if (*text == '\'')
            fputs("'\\''", file);
        else
            completion_print_escaped(file, one, QUOTED);
    }
}

// "--profile[how much work]:profile:(quick default)"
static void print_option(FILE *file, const struct option_spec *spec)
{
    enum completion_kind kind = completion_kind_of(spec);
    fputs(" \\\n            ", file);
    if (completion_is_output(spec))
        fprintf(file, "'(-o --%s)'{-o,--%s}'[", spec->name, spec->name);
    else
        fprintf(file, "'--%s[", spec->name);
    print_quoted(file, spec->help);
    fputs("]", file);
    if (kind != COMPLETION_FLAG)
        fprintf(file, ":%s:", spec->name);
    if (kind == COMPLETION_CHOICE) {
        fputc('(', file);
        completion_print_choices(file, spec);
        fputc(')', file);
    } else if (kind == COMPLETION_WORDS) {
        fprintf(file, "{ _quartet_list %s }", spec->name);
    } else if (kind == COMPLETION_BASE) {
        fputs("_quartet_base", file);
    } else if (kind == COMPLETION_FILE) {
        fputs("_files", file);
    }
    fputc('\'', file);
}

static void print_operand(FILE *file, enum operand operand)
{
    static const char *const actions[] = {
        [OPERAND_NONE] = "",
        [OPERAND_REPORT] = " \\\n            '1:report:_files'",
        [OPERAND_REPORTS] = " \\\n            '1:base:_files' '2:new:_files'",
        [OPERAND_WORKLOAD] = " \\\n            '1:name:{ _quartet_words all }'",
        [OPERAND_COMMAND] = " \\\n            '1:command:{ _describe command commands }'",
        [OPERAND_SHELL] = " \\\n            '1:shell:(bash zsh fish)'",
        [OPERAND_BASELINE] = " \\\n            '1:what:(save list show)'",
    };
    fputs(actions[operand], file);
    if (operand == OPERAND_BASELINE)
        fputs(" '2:name:{ _quartet_words baselines }' '3:report:_files'", file);
}

static void print_command(FILE *file, const struct command *command)
{
    fprintf(file, "    %s)\n        _arguments", command->name);
    for (const struct option_spec *spec = command->specs; spec->name != NULL; spec++)
        print_option(file, spec);
    print_operand(file, command->operand);
    fputs("\n        ;;\n", file);
}

void completion_zsh(FILE *file)
{
    fputs(head, file);
    for (size_t i = 0; i < command_count; i++) {
        fprintf(file, "        '%s:", commands[i].name);
        print_quoted(file, commands[i].manual->summary);
        fputs("'\n", file);
    }
    fputs("    )\n"
          "    if ((CURRENT == 2)); then\n"
          "        _describe command commands\n"
          "        return\n"
          "    fi\n"
          "    shift words\n"
          "    ((CURRENT--))\n"
          "    case $command in\n",
          file);
    for (size_t i = 0; i < command_count; i++)
        print_command(file, &commands[i]);
    fputs("    esac\n"
          "}\n"
          "\n"
          "# Sourced, it says whom it is for; found in fpath, it is being called.\n"
          "if [[ $funcstack[1] == _quartet ]]; then\n"
          "    _quartet \"$@\"\n"
          "else\n"
          "    compdef _quartet quartet\n"
          "fi\n",
          file);
}
