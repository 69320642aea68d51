// SPDX-License-Identifier: MIT
//
// book.c - see book.h.
#include "driver/predict/book.h"

#include "driver/report/tree.h"
#include "driver/system/utc.h"
#include "lib/json_file.h"
#include "lib/plain.h"

#include <errno.h>
#include <math.h>
#include <string.h>

// ---- writing ---------------------------------------------------------------------------

static json_t *prices_json(const struct book *book, const struct book_model *model,
                           enum quantity quantity)
{
    const struct book_prices *of = &model->of[quantity];
    const struct term *terms = book->formula->terms[quantity];
    json_t *prices = json_object();
    for (size_t i = 0; i < TERMS_MOST && terms[i].name != NULL; i++)
        json_object_set_new(prices, terms[i].name, tree_real(of->prices[i]));
    return json_pack("{s:o, s:o, s:o}", "prices", prices, "spread", tree_real(of->spread),
                     "misfit", tree_real(of->misfit));
}

static json_t *book_json(const struct book *book)
{
    json_t *models = json_array();
    for (size_t i = 0; i < book->model_count; i++) {
        const struct book_model *model = &book->models[i];
        json_t *object = json_pack("{s:s, s:o}", "model", model->name, "turn_ns",
                                   tree_real(model->turn_ns));
        for (int q = 0; q < QUANTITY_COUNT; q++)
            json_object_set_new(object, quantity_name((enum quantity)q),
                                prices_json(book, model, (enum quantity)q));
        json_array_append_new(models, object);
    }
    return json_pack("{s:s, s:s, s:s, s:s, s:o}", "workload", book->formula->workload,
                     "choices", book->choices, "measured_utc", book->measured_utc,
                     "version", book->version, "models", models);
}

// ---- finding ---------------------------------------------------------------------------

static bool is_book(const json_t *object, const char *workload, const char *choices)
{
    return strcmp(tree_text(object, "workload", ""), workload) == 0 &&
           strcmp(tree_text(object, "choices", ""), choices) == 0;
}

void book_put(json_t **books, const char *testbed, const struct book *book)
{
    size_t index;
    json_t *object;
    if (*books == NULL)
        *books = json_pack("{s:s, s:s, s:[]}", "schema", BOOK_SCHEMA, "testbed", testbed,
                           "books");
    json_t *list = json_object_get(*books, "books");
    json_array_foreach(list, index, object)
    {
        if (!is_book(object, book->formula->workload, book->choices))
            continue;
        json_array_remove(list, index);
        break;
    }
    json_array_append_new(list, book_json(book));
}

const struct book_model *book_model_find(const struct book *book, const char *model)
{
    for (size_t i = 0; i < book->model_count; i++)
        if (strcmp(book->models[i].name, model) == 0)
            return &book->models[i];
    return NULL;
}

// ---- reading ---------------------------------------------------------------------------

int books_load(const char *path, const char *testbed, json_t **books,
               struct reason *reason)
{
    int error = json_file_load_schema(path, "quartet.predict-prices/", books, reason);
    if (error != 0)
        return error;
    const char *of = tree_text(*books, "testbed", "unknown");
    if (strcmp(tree_text(*books, "schema", ""), BOOK_SCHEMA) != 0 ||
        tree_array(*books, "books") == NULL)
        error =
            reason_set(reason, -EBADMSG,
                       "'%.300s' holds no prices that this version can read (%s); say "
                       "--remeasure",
                       path, BOOK_SCHEMA);
    else if (testbed != NULL && strcmp(of, testbed) != 0)
        error =
            reason_set(reason, -ESTALE,
                       "the prices in '%.300s' are of another machine (%.40s; this is "
                       "%.40s)",
                       path, of, testbed);
    if (error == 0)
        return 0;
    json_decref(*books);
    *books = NULL;
    return error;
}

// A price below zero, or without end, is none.
static int read_prices(const json_t *json, const struct term *terms,
                       struct book_prices *of)
{
    const json_t *prices = json_object_get(json, "prices");
    of->spread = tree_number(json, "spread");
    of->misfit = tree_number(json, "misfit");
    bool good = of->spread >= 0 && of->misfit >= 0;
    for (size_t i = 0; i < TERMS_MOST && terms[i].name != NULL; i++) {
        of->prices[i] = json_number_value(json_object_get(prices, terms[i].name));
        good &= json_is_number(json_object_get(prices, terms[i].name)) &&
                isfinite(of->prices[i]) && of->prices[i] >= 0;
    }
    return good ? 0 : -EBADMSG;
}

static int read_model(const json_t *json, const struct formula *formula,
                      struct book_model *model)
{
    int error = 0;
    *model = (struct book_model){.turn_ns = tree_number(json, "turn_ns")};
    plain_copy(model->name, sizeof model->name, tree_text(json, "model", ""));
    for (int q = 0; q < QUANTITY_COUNT && error == 0; q++)
        error = read_prices(json_object_get(json, quantity_name((enum quantity)q)),
                            formula->terms[q], &model->of[q]);
    return model->name[0] == '\0' || !(model->turn_ns >= 0) ? -EBADMSG : error;
}

static int read_book(const json_t *json, struct book *book, struct reason *reason)
{
    size_t index;
    const json_t *model;
    int error = 0;
    plain_copy(book->measured_utc, sizeof book->measured_utc,
               tree_text(json, "measured_utc", ""));
    plain_copy(book->version, sizeof book->version, tree_text(json, "version", ""));
    json_array_foreach(tree_array(json, "models"), index, model)
    {
        if (error != 0 || book->model_count == BOOK_MODELS)
            break;
        error = read_model(model, book->formula, &book->models[book->model_count++]);
    }
    if (error != 0 || book->model_count == 0)
        return reason_set(reason, -EBADMSG,
                          "the prices of %s are damaged; say --remeasure",
                          book->formula->workload);
    return 0;
}

static int check_age(const struct book *book, const char *version, struct reason *reason)
{
    if (strcmp(book->version, version) != 0)
        return reason_set(reason, -ESTALE, "the prices of %s are of version %s",
                          book->formula->workload, book->version);
    if (utc_is_older(book->measured_utc, BOOK_DAYS_MOST))
        return reason_set(reason, -ESTALE, "the prices of %s are of %.10s",
                          book->formula->workload, book->measured_utc);
    return 0;
}

int book_find(const json_t *books, const struct situation *situation, const char *version,
              struct book *book, struct reason *reason)
{
    size_t index;
    const json_t *object;
    const char *name = situation->workload->name;
    *book = (struct book){.formula = formula_find(name)};
    situation_choices(situation, book->choices);
    json_array_foreach(tree_array(books, "books"), index, object)
    {
        if (!is_book(object, name, book->choices))
            continue;
        int error = read_book(object, book, reason);
        return error != 0 || version == NULL ? error : check_age(book, version, reason);
    }
    return reason_set(reason, -ENOENT, "there are no prices of %s%s%s", name,
                      book->choices[0] == '\0' ? "" : " with ", book->choices);
}
