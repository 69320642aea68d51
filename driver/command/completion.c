// SPDX-License-Identifier: MIT
//
// completion.c - `quartet completion SHELL` prints a few lines that let a shell ask this
// program what may stand at the cursor: `quartet __complete WORD...`, where the last word is
// the one to be completed and may be empty. The answer comes from the tables of commands and
// options, so that what --help knows, completion knows: a candidate per line, with a tab and
// what it is where that is known; ":list" where more may follow behind a comma, and ":files"
// or ":json" where the shell is to add files.
#include "driver/claims/place.h"
#include "driver/command/commands.h"
#include "driver/gate/baseline.h"
#include "driver/measure/environment.h"
#include "driver/plan/runner.h"
#include "lib/allocate.h"
#include "lib/check.h"
#include "lib/error.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// ---- candidates --------------------------------------------------------------------

// The word at the cursor: `before` stays ("--profile=", "sleep,"), `typed` is completed.
struct cursor {
    const char *before;
    int before_length;
    const char *typed;
};

static void offer(const struct cursor *cursor, const char *text, const char *what)
{
    if (strncmp(text, cursor->typed, strlen(cursor->typed)) != 0)
        return;
    printf("%.*s%s%s%s\n", cursor->before_length, cursor->before, text,
           what == NULL ? "" : "\t", what == NULL ? "" : what);
}

// Each of "tcp|unix". A choice in capitals stands for something else.
static void offer_choices(const struct cursor *cursor, const char *choices)
{
    char text[64];
    for (const char *at = choices; *at != '\0'; at += strspn(at, "|")) {
        size_t span = strcspn(at, "|");
        snprintf(text, sizeof text, "%.*s", (int)span, at);
        if (strcmp(text, "FILE") != 0)
            offer(cursor, text, NULL);
        at += span;
    }
}

static void offer_commands(const struct cursor *cursor)
{
    for (size_t i = 0; i < command_count; i++)
        offer(cursor, commands[i].name, commands[i].manual->summary);
}

static void offer_baseline(void *context, const char *testbed, const char *name,
                           const char *path)
{
    char own[32];
    (void)path;
    environment_testbed(own, sizeof own);
    if (strcmp(testbed, own) == 0)
        offer(context, name, "baseline");
}

// Nothing where there are no runners: nobody wants messages while typing.
static void offer_runners(const struct cursor *cursor, bool workloads, bool models)
{
    struct runner_set *set = allocate(1, sizeof *set);
    const struct description *oracle = &set->list[0].describe;
    if (runner_set_find(set, NULL) == 0) {
        for (size_t i = 0; workloads && i < oracle->workload_count; i++)
            offer(cursor, oracle->workloads[i].name, oracle->workloads[i].summary);
        for (size_t i = 0; models && i < set->count; i++)
            offer(cursor, set->list[i].name, set->list[i].describe.summary);
    }
    runner_set_free(set);
    free(set);
}

// The names of the JSON files in a folder that comes with the program.
static void offer_files(const struct cursor *cursor, const char *folder)
{
    char path[4400];
    struct dirent **entries;
    place_find(folder, path, sizeof path);
    int count = scandir(path, &entries, NULL, alphasort);
    for (int i = 0; i < count; i++) {
        char *end = strstr(entries[i]->d_name, ".json");
        if (end != NULL) {
            *end = '\0';
            offer(cursor, entries[i]->d_name, NULL);
        }
        free(entries[i]);
    }
    if (count >= 0)
        free(entries);
}

// ---- where the cursor is -----------------------------------------------------------

static void offer_list(struct cursor cursor, bool workloads)
{
    const char *comma = strrchr(cursor.typed, ',');
    if (comma != NULL) {
        if (cursor.before_length == 0)
            cursor.before = cursor.typed;
        cursor.before_length += (int)(comma + 1 - cursor.typed);
        cursor.typed = comma + 1;
    }
    puts(":list");
    offer_runners(&cursor, workloads, !workloads);
}

// Texts that are no names of files, nor of anything that we know.
static bool is_free_text(const char *name)
{
    static const char *const names[] = {"cpus",  "threshold", "concurrency",
                                        "build", "command",   "rows"};
    for (size_t i = 0; i < ARRAY_LEN(names); i++)
        if (strcmp(names[i], name) == 0)
            return true;
    return false;
}

static void offer_value(struct cursor *cursor, const struct option_spec *spec)
{
    if (strcmp(spec->name, "workloads") == 0 || strcmp(spec->name, "workload") == 0 ||
        strcmp(spec->name, "models") == 0) {
        offer_list(*cursor, spec->name[0] == 'w');
    } else if (spec->choices != NULL) {
        offer_choices(cursor, spec->choices);
    } else if ((spec->kind == OPTION_TEXT || spec->kind == OPTION_LIST) &&
               !is_free_text(spec->name)) {
        if (strcmp(spec->name, "base") == 0)
            baseline_each(offer_baseline, cursor, NULL);
        puts(":files");
    }
}

static void offer_operand(struct cursor *cursor, enum operand operand, int number)
{
    switch (operand) {
    case OPERAND_NONE:
        break;
    case OPERAND_CLAIM:
        offer_files(cursor, "claims");
        break;
    case OPERAND_PAGE:
        offer_files(cursor, "docs/lessons/questions");
        break;
    case OPERAND_PROGRAM:
        puts(":files");
        break;
    case OPERAND_REPORT:
    case OPERAND_REPORTS:
        if (number <= (operand == OPERAND_REPORTS))
            puts(":json");
        break;
    case OPERAND_MANY_REPORTS:
        puts(":json");
        break;
    case OPERAND_HISTORY:
        if (number == 0)
            puts(":files");
        break;
    case OPERAND_WORKLOAD:
        offer_runners(cursor, true, true);
        break;
    case OPERAND_TRACED:
        offer_runners(cursor, number == 0, false);
        break;
    case OPERAND_ROWS:
        if (number < 2)
            offer_list(*cursor, false);
        break;
    case OPERAND_COMMAND:
        if (number == 0)
            offer_commands(cursor);
        break;
    case OPERAND_SHELL:
        if (number == 0)
            offer_choices(cursor, "bash|zsh|fish");
        break;
    case OPERAND_BASELINE:
        if (number == 0)
            offer_choices(cursor, "save|list|show");
        else if (number == 1)
            baseline_each(offer_baseline, cursor, NULL);
        else if (number == 2)
            puts(":json");
        break;
    }
}

// The option that this word is or begins with ("--profile", "--profile=quick", "-o").
static const struct option_spec *find_option(const struct command *command,
                                             const char *word)
{
    const char *name = strcmp(word, "-o") == 0 ? "--output" : word;
    if (strncmp(name, "--", 2) != 0)
        return NULL;
    size_t length = strcspn(name + 2, "=");
    for (const struct option_spec *spec = command->specs; spec->name != NULL; spec++)
        if (strlen(spec->name) == length && strncmp(spec->name, name + 2, length) == 0)
            return spec;
    return NULL;
}

// Is a value of this word's option expected to follow?
static const struct option_spec *expects_value(const struct command *command,
                                               const char *word)
{
    const struct option_spec *spec = find_option(command, word);
    bool open = spec != NULL && spec->kind != OPTION_FLAG && strchr(word, '=') == NULL;
    return open ? spec : NULL;
}

// `words` follow the name of the command; the last one is at the cursor. Bash hands over
// --profile=quick as three words.
static void complete_command(const struct command *command, int count, char **words)
{
    static char nothing[] = "";
    char *word = words[count - 1];
    int last =
        count - 1; // of the words before the cursor, the first that is no part of it
    int operands = 0;
    if (strcmp(word, "=") == 0)
        word = nothing;
    else if (last > 0 && strcmp(words[last - 1], "=") == 0)
        last--;
    const struct option_spec *open =
        last > 0 ? expects_value(command, words[last - 1]) : NULL;
    const struct option_spec *joined = find_option(command, word);
    const char *equals = strchr(word, '=');
    struct cursor cursor = {.before = word, .typed = word};
    for (int i = 0; i < last; i++) {
        bool value = i > 0 && expects_value(command, words[i - 1]) != NULL;
        bool part =
            strcmp(words[i], "=") == 0 || (i > 1 && strcmp(words[i - 1], "=") == 0);
        operands += words[i][0] != '-' && !value && !part;
    }
    if (open != NULL) {
        offer_value(&cursor, open);
    } else if (joined != NULL && equals != NULL) {
        cursor.before_length = (int)(equals + 1 - word);
        cursor.typed = equals + 1;
        offer_value(&cursor, joined);
    } else if (word[0] == '-') {
        cursor = (struct cursor){.before = "--",
                                 .before_length = 2,
                                 .typed = word + strspn(word, "-")};
        for (const struct option_spec *spec = command->specs; spec->name != NULL; spec++)
            offer(&cursor, spec->name, spec->help);
    } else {
        offer_operand(&cursor, command->operand, operands);
    }
}

int command_complete(int argc, char **argv)
{
    const struct command *command = argc > 1 ? command_find(argv[0]) : NULL;
    const char *word = argc > 0 ? argv[0] : "";
    const struct cursor cursor = {.before = word, .typed = word};
    if (command != NULL) {
        complete_command(command, argc - 1, argv + 1);
    } else if (argc < 2) {
        offer_commands(&cursor);
        offer(&cursor, "--help", NULL);
        offer(&cursor, "--version", NULL);
    }
    return fflush(stdout) != 0 ? EXIT_WRONG : EXIT_FINE;
}

// ---- what a shell asks with --------------------------------------------------------

static const char bash[] =
    "# 'quartet completion bash' prints this.\n"
    "_quartet() {\n"
    "    local IFS=$'\\n' line word=${COMP_WORDS[COMP_CWORD]}\n"
    "    [[ $word != = ]] || word=''\n"
    "    COMPREPLY=()\n"
    "    for line in $(\"${COMP_WORDS[0]}\" __complete \"${COMP_WORDS[@]:1:COMP_CWORD}\" "
    "2>/dev/null); do\n"
    "        case $line in\n"
    "        :list) compopt -o nospace 2>/dev/null ;;\n"
    "        :files) COMPREPLY+=($(compgen -f -- \"$word\")) ;;\n"
    "        :json) COMPREPLY+=($(compgen -d -- \"$word\") "
    "$(compgen -f -X '!*.json' -- \"$word\")) ;;\n"
    "        *) COMPREPLY+=(\"${line%%$'\\t'*}\") ;;\n"
    "        esac\n"
    "        [[ $line != :[fj]* ]] || compopt -o filenames 2>/dev/null\n"
    "    done\n"
    "}\n"
    "complete -F _quartet quartet\n";

static const char zsh[] =
    "#compdef quartet\n"
    "# 'quartet completion zsh' prints this.\n"
    "_quartet() {\n"
    "    local line files=''\n"
    "    local -a found\n"
    "    for line in ${(f)\"$($words[1] __complete \"${(@)words[2,CURRENT]}\" "
    "2>/dev/null)\"}; do\n"
    "        case $line in\n"
    "        :list) ;;\n"
    "        :files) files='*' ;;\n"
    "        :json) files='*.json' ;;\n"
    "        *) found+=(\"${${line%%$'\\t'*}//:/\\\\:}:${line#*$'\\t'}\") ;;\n"
    "        esac\n"
    "    done\n"
    "    (( $#found )) && _describe quartet found\n"
    "    [[ -z $files ]] || { compset -P '--*='; _files -g \"$files\" }\n"
    "}\n"
    "if [[ $funcstack[1] == _quartet ]]; then _quartet \"$@\"; "
    "else compdef _quartet quartet; fi\n";

static const char fish[] =
    "# 'quartet completion fish' prints this.\n"
    "function __quartet\n"
    "    set -l words (commandline -opc) (commandline -ct)\n"
    "    for line in ($words[1] __complete $words[2..-1] 2>/dev/null)\n"
    "        switch $line\n"
    "            case :list\n"
    "            case :files :json\n"
    "                __fish_complete_path (commandline -ct)\n"
    "            case '*'\n"
    "                echo $line\n"
    "        end\n"
    "    end\n"
    "end\n"
    "complete -c quartet -f -a '(__quartet)'\n";

struct completion_options {
    bool help;
};

const struct option_spec completion_specs[] = {
    {.name = "help",
     .kind = OPTION_FLAG,
     .offset = offsetof(struct completion_options, help),
     .help = "print this"},
    {.name = NULL},
};

int command_completion(int argc, char **argv)
{
    static const struct {
        const char *name;
        const char *script;
    } shells[] = {{"bash", bash}, {"zsh", zsh}, {"fish", fish}};
    struct completion_options options = {0};
    const char *shell = NULL;
    if (command_parse("completion", &options, &options.help,
                      &(struct command_line){argc, argv, &shell, 1}) == 0)
        die(EXIT_USAGE, "completion: name a shell: bash, zsh or fish");
    size_t i = 0;
    while (i < ARRAY_LEN(shells) && strcmp(shell, shells[i].name) != 0)
        i++;
    if (i == ARRAY_LEN(shells))
        die(EXIT_USAGE, "completion: '%s': choose one of bash, zsh, fish", shell);
    if (fputs(shells[i].script, stdout) == EOF || fflush(stdout) != 0)
        die(EXIT_WRONG, "cannot write: %s", strerror(errno));
    return EXIT_FINE;
}
