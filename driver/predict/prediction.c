// SPDX-License-Identifier: MIT
//
// prediction.c - see prediction.h.
#include "driver/predict/prediction.h"

#include "driver/report/members.h"
#include "driver/report/tree.h"
#include "driver/statistics/statistics.h"
#include "lib/format.h"

#include <math.h>
#include <string.h>

void prediction_make(const struct book *book, const struct situation *situation,
                     struct prediction *prediction)
{
    *prediction = (struct prediction){.situation = situation, .book = book};
    for (size_t m = 0; m < book->model_count; m++) {
        struct prediction_row *row = &prediction->rows[prediction->count++];
        row->model = &book->models[m];
        for (int q = 0; q < QUANTITY_COUNT; q++) {
            estimate_find(book, row->model, situation, (enum quantity)q, &row->of[q]);
            row->measured[q] = (double)NAN;
        }
    }
}

double prediction_error(const struct prediction_row *row, enum quantity quantity)
{
    return row->measured[quantity] / row->of[quantity].value - 1;
}

double prediction_median_error(const struct prediction *prediction,
                               enum quantity quantity)
{
    double errors[BOOK_MODELS];
    size_t n = 0;
    for (size_t i = 0; i < prediction->count; i++) {
        double error = prediction_error(&prediction->rows[i], quantity);
        if (!isnan(error))
            errors[n++] = fabs(error);
    }
    return n == 0 ? (double)NAN : statistics_median(errors, n);
}

// ---- JSON ------------------------------------------------------------------------------

struct term_row {
    const char *term;
    double count, price, part;
};

#define OF(field) MEMBER(struct term_row, field, MEMBER_PLAIN)
static const struct member term_list[] = {OF(term), OF(count), OF(price), OF(part)};
MEMBERS_OF(term);
#undef OF

struct quantity_row {
    double predicted, low, high, measured, error;
    enum truth within;
    json_t *terms;
};

#define OF(field) MEMBER(struct quantity_row, field, MEMBER_PLAIN)
static const struct member quantity_list[] = {
    OF(predicted), OF(low), OF(high), OF(measured), OF(error), OF(within), OF(terms),
};
MEMBERS_OF(quantity);
#undef OF

static json_t *terms_json(const struct prediction *prediction,
                          const struct prediction_row *row, enum quantity quantity)
{
    const struct term *terms = prediction->book->formula->terms[quantity];
    const struct estimate *estimate = &row->of[quantity];
    const double *prices = row->model->of[quantity].prices;
    json_t *list = json_array();
    for (size_t i = 0; terms[i].name != NULL; i++) {
        struct term_row own = {terms[i].name, estimate->counts[i], prices[i],
                               estimate->parts[i]};
        json_array_append_new(list, members_json(&term_members, &own));
    }
    if (quantity == QUANTITY_WALL && prediction->book->formula->waiting != NULL) {
        struct term_row own = {"waiting", 1, estimate->waiting, estimate->waiting};
        json_array_append_new(list, members_json(&term_members, &own));
    }
    return list;
}

static json_t *quantity_json(const struct prediction *prediction,
                             const struct prediction_row *row, enum quantity quantity)
{
    const struct estimate *estimate = &row->of[quantity];
    double measured = row->measured[quantity];
    bool within = measured >= estimate->low && measured <= estimate->high;
    struct quantity_row own = {.predicted = estimate->value,
                               .low = estimate->low,
                               .high = estimate->high,
                               .measured = measured,
                               .error = prediction_error(row, quantity),
                               .within = isnan(measured) ? TRUTH_UNKNOWN
                                         : within        ? TRUTH_YES
                                                         : TRUTH_NO,
                               .terms = terms_json(prediction, row, quantity)};
    json_t *json = members_json(&quantity_members, &own);
    json_decref(own.terms);
    return json;
}

static json_t *options_json(const struct situation *situation)
{
    json_t *json = json_object();
    char key[64], text[64];
    for (size_t i = 0; situation->specs[i].name != NULL; i++) {
        const struct option_spec *spec = &situation->specs[i];
        option_json_key(spec, key, sizeof key);
        if (spec->kind == OPTION_CHOICE) {
            option_choice_text(spec, situation->values[i], text, sizeof text);
            json_object_set_new(json, key, json_string(text));
        } else if (spec->kind != OPTION_TEXT && spec->kind != OPTION_LIST) {
            json_object_set_new(json, key,
                                json_integer((json_int_t)situation->values[i]));
        }
    }
    json_object_set_new(json, "tasks", tree_whole(situation->tasks));
    json_object_set_new(json, "concurrency", tree_whole(situation->in_flight));
    return json;
}

json_t *prediction_json(const struct prediction *prediction)
{
    json_t *models = json_array();
    for (size_t i = 0; i < prediction->count; i++) {
        const struct prediction_row *row = &prediction->rows[i];
        json_t *object = json_pack("{s:s}", "model", row->model->name);
        for (int q = 0; q < QUANTITY_COUNT; q++)
            json_object_set_new(object, quantity_name((enum quantity)q),
                                quantity_json(prediction, row, (enum quantity)q));
        json_array_append_new(models, object);
    }
    return json_pack("{s:s, s:s, s:s, s:s, s:f, s:o, s:o}", "schema", "quartet.predict/1",
                     "workload", prediction->book->formula->workload, "choices",
                     prediction->book->choices, "prices_utc",
                     prediction->book->measured_utc, "confidence", ESTIMATE_CONFIDENCE,
                     "options", options_json(prediction->situation), "models", models);
}
