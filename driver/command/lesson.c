// SPDX-License-Identifier: MIT
//
// lesson.c - `quartet lesson`: a page of the course asks for a prediction, measures, and says
// how far it was off. The questions are files (driver/claims/question.h).
#include "driver/claims/experiment.h"
#include "driver/claims/figure.h"
#include "driver/claims/place.h"
#include "driver/claims/question.h"
#include "driver/claims/words.h"
#include "driver/command/commands.h"
#include "driver/command/prepare.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define PATH_SIZE 4400
#define TRIES     3 // at the terminal

struct lesson_options {
    const char *answer;
    const char *questions;
    uint64_t language;
    uint64_t rounds;
    bool list;
    bool accept_noise;
    bool allow_unoptimised;
    bool help;
};

#define PLACE(member) offsetof(struct lesson_options, member)

const struct option_spec lesson_specs[] = {
    {"list", OPTION_FLAG, PLACE(list), NULL, 0, 0, NULL, "print the pages that ask"},
    {"answer", OPTION_TEXT, PLACE(answer), NULL, 0, 0, NULL,
     "the prediction, without a terminal"},
    {"lang", OPTION_CHOICE, PLACE(language), "en", 0, 0, "en|ru",
     "language of the texts"},
    {"questions", OPTION_TEXT, PLACE(questions), NULL, 0, 0, NULL,
     "folder of questions, instead of those that come with the program"},
    {"rounds", OPTION_COUNT, PLACE(rounds), NULL, 1, 1000, NULL,
     "measured runs of every cell, not those of the question"},
    {"accept-noise", OPTION_FLAG, PLACE(accept_noise), NULL, 0, 0, NULL,
     "count disturbed rounds, too"},
    {"allow-unoptimised", OPTION_FLAG, PLACE(allow_unoptimised), NULL, 0, 0, NULL,
     "measure a debug build"},
    {"help", OPTION_FLAG, PLACE(help), NULL, 0, 0, NULL, "print this"},
    {0}};

// ---- questions ---------------------------------------------------------------------

static const char *find_questions(const struct lesson_options *options)
{
    static char folder[PATH_SIZE];
    if (options->questions != NULL)
        return options->questions;
    place_find("docs/lessons/questions", folder, sizeof folder);
    if (folder[0] == '\0')
        die(EXIT_CANNOT, "lesson: the folder of questions is not beside this program; "
                         "name one with --questions");
    return folder;
}

static int is_question(const struct dirent *entry)
{
    const char *end = strrchr(entry->d_name, '.');
    return entry->d_name[0] != '.' && end != NULL && strcmp(end, ".json") == 0;
}

// Prints each page with its question. A file that is none ends the program.
static void list(const char *folder, enum language language)
{
    struct dirent **entries;
    struct reason reason;
    struct question question;
    int count = scandir(folder, &entries, is_question, alphasort);
    if (count < 0)
        die(EXIT_WRONG, "lesson: cannot read the folder '%s': %s", folder,
            strerror(errno));
    for (int i = 0; i < count; i++) {
        *strrchr(entries[i]->d_name, '.') = '\0';
        if (question_load(&question, folder, entries[i]->d_name, &reason) != 0)
            die(EXIT_USAGE, "lesson: %s", reason.text);
        printf("%-17s %s\n", entries[i]->d_name, question.claim.statement.in[language]);
        question_free(&question);
        free(entries[i]);
    }
    free(entries);
}

static void load(struct question *question, const char *folder, const char *name)
{
    char path[PATH_SIZE + 300];
    struct reason reason;
    snprintf(path, sizeof path, "%s/%.280s.json", folder, name);
    if (strchr(name, '/') != NULL || access(path, F_OK) != 0)
        die(EXIT_USAGE,
            "lesson: no page '%s' asks: choose one of 'quartet lesson --list'", name);
    if (question_load(question, folder, name, &reason) != 0)
        die(EXIT_USAGE, "lesson: %s", reason.text);
}

// ---- the prediction ----------------------------------------------------------------

static void ask(const struct question *question, enum language language)
{
    printf("%s\n", question->claim.statement.in[language]);
    for (size_t i = 0; i < question->choice_count; i++)
        printf("%s%g", i == 0 ? "  " : " | ", question->choices[i]);
    printf("%s> ", question->choice_count == 0 ? "" : "\n");
    fflush(stdout);
}

// From --answer, or from the terminal; ends the program without either.
static double read_prediction(const struct question *question,
                              const struct lesson_options *options)
{
    char line[80];
    struct reason reason;
    double prediction;
    if (options->answer != NULL) {
        if (question_parse(question, options->answer, &prediction, &reason) != 0)
            die(EXIT_USAGE, "lesson: --answer %s", reason.text);
        printf("%s\n", question->claim.statement.in[options->language]);
        return prediction;
    }
    if (!isatty(STDIN_FILENO))
        die(EXIT_USAGE, "lesson: there is no terminal to ask at: say --answer NUMBER");
    for (int i = 0; i < TRIES; i++) {
        ask(question, (enum language)options->language);
        if (fgets(line, sizeof line, stdin) == NULL)
            break;
        line[strcspn(line, "\n")] = '\0';
        if (question_parse(question, line, &prediction, &reason) == 0)
            return prediction;
        warn("lesson: %s", reason.text);
    }
    die(EXIT_USAGE, "lesson: no prediction was made");
}

// ---- the answer --------------------------------------------------------------------

static int answer(const struct question *question, double prediction,
                  const struct lesson_options *options,
                  const struct experiment *experiment)
{
    struct figure figure;
    const struct evidence evidence = {experiment->measured ? &experiment->report : NULL,
                                      experiment->outputs};
    if (experiment->skipped) {
        warn("lesson: cannot be measured here: %s", experiment->reason.text);
        return EXIT_CANNOT;
    }
    figure_find(question_figure(question), &evidence, &figure);
    words_answer(stdout, question, prediction, &figure, (enum language)options->language);
    return EXIT_FINE;
}

static int measure(const struct question *question, double prediction,
                   const struct lesson_options *options, const char *folder)
{
    char lanes[PATH_SIZE];
    char hyperfine[32];
    struct janitor janitor;
    struct experiment experiment;
    struct reason reason;
    prepare_process();
    prepare_hyperfine(hyperfine, sizeof hyperfine);
    place_find("lanes/python", lanes, sizeof lanes);
    if (janitor_start(&janitor, &reason) != 0)
        die(EXIT_WRONG, "%s", reason.text);
    const struct experiment_setting setting = {.claims = folder,
                                               .lanes = lanes,
                                               .folder = janitor.folder,
                                               .rounds = options->rounds,
                                               .accept_noise = options->accept_noise,
                                               .allow_unoptimised =
                                                   options->allow_unoptimised,
                                               .janitor = &janitor};
    int error = experiment_run(&question->claim, &setting, &experiment, &reason);
    int code = (int)prepare_exit_code(error);
    if (error != 0)
        warn("lesson: %s", reason.text);
    else
        code = answer(question, prediction, options, &experiment);
    experiment_free(&experiment);
    janitor_stop(&janitor);
    return code;
}

int command_lesson(int argc, char **argv)
{
    struct lesson_options options = {0};
    struct question question;
    const char *name = NULL;
    int code = EXIT_FINE;
    int count = command_parse("lesson", &options, &options.help,
                              &(struct command_line){argc, argv, &name, 1});
    const char *folder = find_questions(&options);
    if (options.list) {
        list(folder, (enum language)options.language);
    } else if (count == 0) {
        die(EXIT_USAGE, "lesson: name a page of 'quartet lesson --list'");
    } else {
        load(&question, folder, name);
        double prediction = read_prediction(&question, &options);
        code = measure(&question, prediction, &options, folder);
        question_free(&question);
    }
    if (fflush(stdout) != 0 || ferror(stdout))
        die(EXIT_WRONG, "cannot write the answer: %s", strerror(errno));
    return code;
}
