// SPDX-License-Identifier: MIT
//
// outcome.c - see outcome.h.
#include "driver/claims/outcome.h"

#include "driver/report/members.h"
#include "driver/report/tree.h"
#include "lib/check.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

// ---- finding -----------------------------------------------------------------------

static void find_figures(const struct claim_rule *rule, const struct evidence *evidence,
                         struct figure *figures)
{
    for (size_t i = 0; i < rule->count; i++)
        figure_find(&rule->list[i], evidence, &figures[i]);
}

void outcome_find(const struct claim *claim, const struct evidence *evidence,
                  struct outcome *outcome)
{
    find_figures(&claim->confirmed, evidence, outcome->confirmed);
    find_figures(&claim->refuted, evidence, outcome->refuted);
    outcome->claim = claim;
    outcome->measured = evidence->report != NULL;
    outcome->verdict = rule_verdict(claim, outcome->confirmed, outcome->refuted);
}

// ---- JSON --------------------------------------------------------------------------

static json_t *texts_json(const struct claim_text *text)
{
    return json_pack("{s:s, s:s}", "en", text->in[LANGUAGE_ENGLISH], "ru",
                     text->in[LANGUAGE_RUSSIAN]);
}

#define OF(name, field) MEMBER_AS(name, struct figure, field, MEMBER_PLAIN)
static const struct member figure_list[] = {
    OF("n", n),
    OF("estimate", estimate),
    OF("low", interval.low),
    OF("high", interval.high),
    OF("confidence", interval.confidence),
};
MEMBERS_OF(figure);
#undef OF

static const struct member bounds_list[] = {
    MEMBER_AS("at_least", struct claim_condition, least, MEMBER_PLAIN),
    MEMBER_AS("at_most", struct claim_condition, most, MEMBER_PLAIN),
};
MEMBERS_OF(bounds);

// Whether it holds, and what would decide it.
struct judgement {
    enum truth holds;
    char undecided[400];
};

static const struct member judgement_list[] = {
    MEMBER(struct judgement, holds, MEMBER_PLAIN),
    MEMBER(struct judgement, undecided, MEMBER_FILLED),
};
MEMBERS_OF(judgement);

static json_t *figure_json(const struct claim_condition *condition,
                           const struct figure *figure)
{
    struct judgement own = {.holds = rule_condition(condition, figure)};
    outcome_advice(condition, figure, LANGUAGE_ENGLISH, own.undecided,
                   sizeof own.undecided);
    json_t *json = json_pack("{s:o}", "name", texts_json(&condition->name));
    members_write(json, &figure_members, figure);
    members_write(json, &bounds_members, condition);
    members_write(json, &judgement_members, &own);
    return json;
}

static json_t *rule_json(const struct claim_rule *rule, const struct figure *figures)
{
    if (rule->count == 0)
        return json_null();
    json_t *list = json_array();
    for (size_t i = 0; i < rule->count; i++)
        json_array_append_new(list, figure_json(&rule->list[i], &figures[i]));
    return json_pack("{s:b, s:o}", "any", rule->any, "figures", list);
}

json_t *outcome_json(const struct outcome *outcome)
{
    const struct claim *claim = outcome->claim;
    bool judged = outcome->verdict != CLAIM_SKIPPED;
    char report[200];
    snprintf(report, sizeof report, "%.180s/report.json", claim->id);
    return json_pack(
        "{s:o, s:I, s:o, s:s, s:o, s:o, s:o, s:o, s:o}", "id", tree_string(claim->id),
        "number", (json_int_t)claim->number, "statement", texts_json(&claim->statement),
        "verdict", claim_verdict_name(outcome->verdict), "reason",
        outcome->reason.text[0] == '\0' ? json_null() : tree_string(outcome->reason.text),
        "seconds", tree_real(outcome->seconds), "report",
        outcome->measured ? tree_string(report) : json_null(), "confirmed",
        judged ? rule_json(&claim->confirmed, outcome->confirmed) : json_null(),
        "refuted", judged ? rule_json(&claim->refuted, outcome->refuted) : json_null());
}

// ---- advice ------------------------------------------------------------------------

static const char *const noisy[LANGUAGE_COUNT] = {
    "other programs disturbed these rounds; a quiet machine would decide it",
    "другие программы мешали этим раундам; решит спокойная машина"};
static const char *const few[LANGUAGE_COUNT] = {
    "too few rounds; --rounds 6 would decide it, or more",
    "слишком мало раундов; решат --rounds 6 или больше"};
static const char *const more[LANGUAGE_COUNT] = {
    "the interval holds the bound; about --rounds %u would decide it",
    "граница лежит внутри интервала; решит примерно --rounds %u"};
static const char *const near[LANGUAGE_COUNT] = {
    "the figure lies at the bound; here more rounds would hardly decide it",
    "значение лежит на самой границе; раундов здесь вряд ли хватит"};
static const char *const absent[LANGUAGE_COUNT] = {"not measured: %s", "не измерено: %s"};

// clang cannot check a format that comes from a table; there is one %u, or one %s.
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
void outcome_advice(const struct claim_condition *condition, const struct figure *figure,
                    enum language language, char *text, size_t size)
{
    text[0] = '\0';
    if (rule_condition(condition, figure) != TRUTH_UNKNOWN)
        return;
    unsigned rounds = figure->known ? rule_rounds_needed(condition, figure) : 0;
    if (!figure->known)
        snprintf(text, size, absent[language], figure->why);
    else if (figure->noisy)
        snprintf(text, size, "%s", noisy[language]);
    else if (figure->n < RULE_ROUNDS && !figure->counted && !condition->exact)
        snprintf(text, size, "%s", few[language]);
    else if (rounds > figure->n)
        snprintf(text, size, more[language], rounds);
    else
        snprintf(text, size, "%s", near[language]);
}
#pragma GCC diagnostic pop
