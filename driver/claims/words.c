// SPDX-License-Identifier: MIT
//
// words.c - see words.h.
#include "driver/claims/words.h"

#include "lib/format.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define STRIP_WIDTH  32
#define TEXT_COLUMNS 88

static const char *const verdicts[][LANGUAGE_COUNT] = {
    [CLAIM_CONFIRMED] = {"CONFIRMED", "ПОДТВЕРЖДЕНО"},
    [CLAIM_REFUTED] = {"REFUTED", "ОПРОВЕРГНУТО"},
    [CLAIM_UNDECIDED] = {"UNDECIDED", "НЕ РЕШЕНО"},
    [CLAIM_SKIPPED] = {"SKIPPED", "ПРОПУЩЕНО"},
};

enum word {
    WORD_CONFIRMED_IF_ALL,
    WORD_CONFIRMED_IF_ANY,
    WORD_REFUTED_IF_ALL,
    WORD_REFUTED_IF_ANY,
    WORD_LEAST,
    WORD_MOST,
    WORD_EQUALS,
    WORD_AND,
    WORD_HOLDS,
    WORD_FAILS,
    WORD_OPEN,
    WORD_LESSON,
    WORD_ROUNDS,
};

static const char *const words[][LANGUAGE_COUNT] = {
    [WORD_CONFIRMED_IF_ALL] = {"confirmed if all of", "подтверждено, если верно всё"},
    [WORD_CONFIRMED_IF_ANY] = {"confirmed if one of", "подтверждено, если верно одно из"},
    [WORD_REFUTED_IF_ALL] = {"refuted if all of", "опровергнуто, если верно всё"},
    [WORD_REFUTED_IF_ANY] = {"refuted if one of", "опровергнуто, если верно одно из"},
    [WORD_LEAST] = {"at least", "не меньше"},
    [WORD_MOST] = {"at most", "не больше"},
    [WORD_EQUALS] = {"exactly", "ровно"},
    [WORD_AND] = {"and", "и"},
    [WORD_HOLDS] = {"holds", "верно"},
    [WORD_FAILS] = {"does not hold", "неверно"},
    [WORD_OPEN] = {"open", "не решено"},
    [WORD_LESSON] = {"lesson", "урок"},
    [WORD_ROUNDS] = {"rounds", "раунды"},
};

// ---- text --------------------------------------------------------------------------

// Prints the text in lines of TEXT_COLUMNS, each after four blanks.
static void print_paragraph(FILE *file, const char *text)
{
    size_t column = 0;
    while (*text != '\0') {
        char word[400];
        size_t length = strcspn(text, " \n");
        snprintf(word, sizeof word, "%.*s", (int)length, text);
        size_t width = format_width(word);
        bool breaks = column > 0 && column + 1 + width > TEXT_COLUMNS - 4;
        fputs(column == 0 ? "    " : breaks ? "\n    " : " ", file);
        column = column == 0 || breaks ? width : column + 1 + width;
        fputs(word, file);
        text += length;
        text += strspn(text, " \n");
    }
    fputc('\n', file);
}

void words_list(FILE *file, const struct claim *claim, enum language language)
{
    fprintf(file, "%3u  %-40s %s\n", claim->number, claim->id,
            claim->statement.in[language]);
}

// ---- figures -----------------------------------------------------------------------

// Counts without a fraction, up to where a number of that kind is exact.
static void number_text(char *text, size_t size, double number)
{
    if (fabs(number) < 1e15 && number == floor(number))
        snprintf(text, size, "%.0f", number);
    else
        format_number(text, size, number);
}

static void bound_text(const struct claim_condition *condition, enum language language,
                       char *text, size_t size)
{
    char least[40];
    char most[40];
    number_text(least, sizeof least, condition->least);
    number_text(most, sizeof most, condition->most);
    if (condition->least == condition->most)
        snprintf(text, size, "%s %s", words[WORD_EQUALS][language], least);
    else if (isnan(condition->most))
        snprintf(text, size, "%s %s", words[WORD_LEAST][language], least);
    else if (isnan(condition->least))
        snprintf(text, size, "%s %s", words[WORD_MOST][language], most);
    else
        snprintf(text, size, "%s %s %s %s %s", words[WORD_LEAST][language], least,
                 words[WORD_AND][language], words[WORD_MOST][language], most);
}

static double smallest(double a, double b)
{
    return isnan(b) || a < b ? a : b;
}

static double largest(double a, double b)
{
    return isnan(b) || a > b ? a : b;
}

// The column of `number` on a scale from low to high.
static int place(double number, double low, double high)
{
    double part = (number - low) / (high - low);
    return (int)(part * (STRIP_WIDTH - 1) + 0.5);
}

// "..[==o==].....|....": the interval, its estimate, and the bounds, from 0 on.
static void print_strip(FILE *file, const struct claim_condition *condition,
                        const struct figure *figure)
{
    char strip[STRIP_WIDTH + 1];
    double low = smallest(0, figure->interval.low);
    double high =
        1.1 * largest(largest(figure->interval.high, condition->least), condition->most);
    if (!(high > low) || isinf(high))
        return;
    memset(strip, '.', STRIP_WIDTH);
    strip[STRIP_WIDTH] = '\0';
    for (int i = place(figure->interval.low, low, high);
         i <= place(figure->interval.high, low, high); i++)
        strip[i] = '=';
    strip[place(figure->estimate, low, high)] = 'o';
    if (!isnan(condition->least) && condition->least >= low)
        strip[place(condition->least, low, high)] = '|';
    if (!isnan(condition->most) && condition->most >= low)
        strip[place(condition->most, low, high)] = '|';
    char edge[40];
    number_text(edge, sizeof edge, high);
    fprintf(file, "        0 %s %s\n", strip, edge);
}

void words_figure(FILE *file, const struct claim_condition *condition,
                  const struct figure *figure, enum language language)
{
    char bound[120];
    char advice[400];
    char estimate[40];
    char low[40];
    char high[40];
    static const enum word answers[] = {
        [TRUTH_UNKNOWN] = WORD_OPEN, [TRUTH_NO] = WORD_FAILS, [TRUTH_YES] = WORD_HOLDS};
    bound_text(condition, language, bound, sizeof bound);
    outcome_advice(condition, figure, language, advice, sizeof advice);
    number_text(estimate, sizeof estimate, figure->estimate);
    number_text(low, sizeof low, figure->interval.low);
    number_text(high, sizeof high, figure->interval.high);
    fprintf(file, "      %s\n", condition->name.in[language]);
    if (figure->known) {
        fprintf(file, "        %s (%s - %s, %s: %zu); %s: %s\n", estimate, low, high,
                words[WORD_ROUNDS][language], figure->n, bound,
                words[answers[rule_condition(condition, figure)]][language]);
        print_strip(file, condition, figure);
    }
    if (advice[0] != '\0')
        fprintf(file, "        %s\n", advice);
}

static void print_rule(FILE *file, const struct claim_rule *rule, enum word all,
                       enum word any, const struct figure *figures,
                       enum language language)
{
    if (rule->count == 0)
        return;
    fprintf(file, "    %s:\n", words[rule->any ? any : all][language]);
    for (size_t i = 0; i < rule->count; i++)
        words_figure(file, &rule->list[i], &figures[i], language);
}

// ---- outcomes ----------------------------------------------------------------------

static void print_rules(FILE *file, const struct outcome *outcome, enum language language)
{
    const struct claim *claim = outcome->claim;
    print_rule(file, &claim->confirmed, WORD_CONFIRMED_IF_ALL, WORD_CONFIRMED_IF_ANY,
               outcome->confirmed, language);
    print_rule(file, &claim->refuted, WORD_REFUTED_IF_ALL, WORD_REFUTED_IF_ANY,
               outcome->refuted, language);
}

// Are there figures? A claim that was skipped, or cannot be tested, has none.
static bool has_figures(const struct outcome *outcome)
{
    return outcome->verdict != CLAIM_SKIPPED && outcome->claim->confirmed.count > 0;
}

void words_outcome(FILE *file, const struct outcome *outcome, enum language language)
{
    const struct claim *claim = outcome->claim;
    fprintf(file, "%u  %s  %s\n", claim->number, verdicts[outcome->verdict][language],
            claim->statement.in[language]);
    if (outcome->reason.text[0] != '\0')
        print_paragraph(file, outcome->reason.text);
    if (claim->missing.in[language] != NULL)
        print_paragraph(file, claim->missing.in[language]);
    if (has_figures(outcome))
        print_rules(file, outcome, language);
    print_paragraph(file, claim->meaning.in[language]);
    if (claim->lesson != NULL)
        fprintf(file, "    %s: %s\n", words[WORD_LESSON][language], claim->lesson);
    fputc('\n', file);
}

void words_section(FILE *file, const struct outcome *outcome, enum language language)
{
    const struct claim *claim = outcome->claim;
    fprintf(file, "## %u. %s\n\n**%s**\n\n", claim->number, claim->statement.in[language],
            verdicts[outcome->verdict][language]);
    if (outcome->reason.text[0] != '\0')
        fprintf(file, "%s\n\n", outcome->reason.text);
    if (claim->missing.in[language] != NULL)
        fprintf(file, "%s\n\n", claim->missing.in[language]);
    if (has_figures(outcome)) {
        fprintf(file, "```text\n");
        print_rules(file, outcome, language);
        fprintf(file, "```\n\n");
    }
    fprintf(file, "%s\n\n", claim->meaning.in[language]);
    if (claim->lesson != NULL)
        fprintf(file, "%s: `%s`\n\n", words[WORD_LESSON][language], claim->lesson);
}

// ---- predictions -------------------------------------------------------------------

// How many times as large the prediction is as the figure, or the other way round.
static double factor_of(double prediction, double figure)
{
    double factor = prediction / figure;
    return factor < 1 ? 1 / factor : factor;
}

void words_answer(FILE *file, const struct question *question, double prediction,
                  const struct figure *figure, enum language language)
{
    static const char *const answers[][LANGUAGE_COUNT] = {
        [ANSWER_RIGHT] = {"RIGHT", "ВЕРНО"},
        [ANSWER_SMALL] = {"TOO SMALL", "СЛИШКОМ МАЛО"},
        [ANSWER_LARGE] = {"TOO LARGE", "СЛИШКОМ МНОГО"},
        [ANSWER_UNDECIDED] = {"UNDECIDED", "НЕ РЕШЕНО"},
    };
    static const char *const said[LANGUAGE_COUNT] = {"you said", "вы сказали"};
    static const char *const times[LANGUAGE_COUNT] = {"factor", "раз"};
    char number[40];
    enum answer answer = question_judge(question, prediction, figure);
    double factor = factor_of(prediction, figure->estimate);
    number_text(number, sizeof number, prediction);
    fprintf(file, "%s: %s %s", answers[answer][language], said[language], number);
    if (answer != ANSWER_RIGHT && figure->known && isfinite(factor)) {
        format_ratio(number, sizeof number, factor);
        fprintf(file, "; %s: %s", times[language], number);
    }
    fputc('\n', file);
    words_figure(file, question_figure(question), figure, language);
    print_paragraph(file, question->claim.meaning.in[language]);
}

void words_sum(FILE *file, const size_t *counts, enum language language)
{
    for (size_t i = 0; i <= CLAIM_SKIPPED; i++)
        fprintf(file, "%s%zu %s", i == 0 ? "" : ", ", counts[i], verdicts[i][language]);
    fputc('\n', file);
}
