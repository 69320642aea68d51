// SPDX-License-Identifier: MIT
//
// book.c - see book.h.
#include "driver/predict/book.h"

#include "driver/report/members.h"
#include "driver/report/tree.h"
#include "driver/system/utc.h"
#include "lib/json_file.h"

#include <errno.h>
#include <math.h>
#include <string.h>

// ---- members ---------------------------------------------------------------------------

// A file of books, and one of them, as far as they are needed to find one.
struct file {
    const char *schema, *testbed;
    json_t *books;
};

struct entry {
    const char *workload, *choices;
    json_t *models;
};

// clang-format off
#define OF(structure, field, rules) MEMBER(struct structure, field, rules)
static const struct member file_list[] = {
    OF(file, schema, 0), OF(file, testbed, 0), OF(file, books, MEMBER_ARRAY),
};
static const struct member entry_list[] = {
    OF(entry, workload, 0), OF(entry, choices, 0), OF(entry, models, MEMBER_ARRAY),
};
static const struct member book_list[] = {
    OF(book, choices, 0), OF(book, measured_utc, 0), OF(book, version, 0),
};
static const struct member model_list[] = {
    MEMBER_AS("model", struct book_model, name, 0), OF(book_model, turn_ns, 0),
};
static const struct member surety_list[] = {
    OF(book_prices, spread, 0), OF(book_prices, misfit, 0),
};
// clang-format on
MEMBERS_OF(file);
MEMBERS_OF(entry);
MEMBERS_OF(book);
MEMBERS_OF(model);
MEMBERS_OF(surety);

static json_t *prices_json(const struct book *book, const struct book_model *model,
                           enum quantity quantity)
{
    const struct book_prices *of = &model->of[quantity];
    const struct term *terms = book->formula->terms[quantity];
    json_t *prices = json_object();
    for (size_t i = 0; i < TERMS_MOST && terms[i].name != NULL; i++)
        json_object_set_new(prices, terms[i].name, tree_real(of->prices[i]));
    json_t *json = json_pack("{s:o}", "prices", prices);
    members_write(json, &surety_members, of);
    return json;
}

static json_t *book_json(const struct book *book)
{
    json_t *models = json_array();
    for (size_t i = 0; i < book->model_count; i++) {
        const struct book_model *model = &book->models[i];
        json_t *object = members_json(&model_members, model);
        for (int q = 0; q < QUANTITY_COUNT; q++)
            json_object_set_new(object, quantity_name((enum quantity)q),
                                prices_json(book, model, (enum quantity)q));
        json_array_append_new(models, object);
    }
    json_t *json = json_pack("{s:s}", "workload", book->formula->workload);
    members_write(json, &book_members, book);
    json_object_set_new(json, "models", models);
    return json;
}

// ---- finding ---------------------------------------------------------------------------

static bool is_book(const json_t *object, const char *workload, const char *choices)
{
    struct entry own;
    members_read(object, &entry_members, &own);
    return own.workload != NULL && strcmp(own.workload, workload) == 0 &&
           strcmp(own.choices == NULL ? "" : own.choices, choices) == 0;
}

void book_put(json_t **books, const char *testbed, const struct book *book)
{
    size_t index;
    json_t *object;
    struct file file;
    if (*books == NULL)
        *books = json_pack("{s:s, s:s, s:[]}", "schema", BOOK_SCHEMA, "testbed", testbed,
                           "books");
    members_read(*books, &file_members, &file);
    json_array_foreach(file.books, index, object)
    {
        if (!is_book(object, book->formula->workload, book->choices))
            continue;
        json_array_remove(file.books, index);
        break;
    }
    json_array_append_new(file.books, book_json(book));
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
    struct file file;
    int error = json_file_load_schema(path, "quartet.predict-prices/", books, reason);
    if (error != 0)
        return error;
    members_read(*books, &file_members, &file);
    const char *of = file.testbed == NULL ? "unknown" : file.testbed;
    if (file.schema == NULL || strcmp(file.schema, BOOK_SCHEMA) != 0 ||
        file.books == NULL)
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
    members_read(json, &surety_members, of);
    bool good = of->spread >= 0 && of->misfit >= 0;
    const json_t *prices = tree_at(json, "prices");
    for (size_t i = 0; i < TERMS_MOST && terms[i].name != NULL; i++) {
        of->prices[i] = tree_number(prices, terms[i].name);
        good &= isfinite(of->prices[i]) && of->prices[i] >= 0;
    }
    return good ? 0 : -EBADMSG;
}

static int read_model(const json_t *json, const struct formula *formula,
                      struct book_model *model)
{
    int error = 0;
    members_read(json, &model_members, model);
    for (int q = 0; q < QUANTITY_COUNT && error == 0; q++)
        error = read_prices(json_object_get(json, quantity_name((enum quantity)q)),
                            formula->terms[q], &model->of[q]);
    return model->name[0] == '\0' || !(model->turn_ns >= 0) ? -EBADMSG : error;
}

static int read_book(const json_t *json, struct book *book, struct reason *reason)
{
    struct entry own;
    int error = 0;
    members_read(json, &entry_members, &own);
    members_read(json, &book_members, book);
    size_t count = json_array_size(own.models);
    for (size_t i = 0; error == 0 && i < count && i < BOOK_MODELS; i++)
        error = read_model(json_array_get(own.models, i), book->formula,
                           &book->models[book->model_count++]);
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
    struct file file;
    const char *name = situation->workload->name;
    *book = (struct book){.formula = formula_find(name)};
    situation_choices(situation, book->choices);
    members_read(books, &file_members, &file);
    json_array_foreach(file.books, index, object)
    {
        if (!is_book(object, name, book->choices))
            continue;
        int error = read_book(object, book, reason);
        return error != 0 || version == NULL ? error : check_age(book, version, reason);
    }
    return reason_set(reason, -ENOENT, "there are no prices of %s%s%s", name,
                      book->choices[0] == '\0' ? "" : " with ", book->choices);
}
