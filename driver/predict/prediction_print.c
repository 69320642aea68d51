// SPDX-License-Identifier: MIT
//
// prediction_print.c - a prediction as text for people: see prediction.h.
#include "driver/predict/prediction.h"

#include "driver/show/grid.h"
#include "lib/format.h"

#include <math.h>
#include <string.h>

#define CELL 112
#define GAP  3

// Nanoseconds or bytes: "12.3 ms", "1.81 MiB".
static void write_quantity(char *text, size_t size, enum quantity quantity, double value)
{
    if (quantity == QUANTITY_MEMORY)
        format_size(text, size, value);
    else
        format_duration(text, size, value);
}

// ---- the table -------------------------------------------------------------------------

// "12.3 ms (10.1 ms to 15.0 ms)"
static void write_estimate(char *text, enum quantity quantity,
                           const struct estimate *estimate)
{
    char value[32], low[32], high[32];
    write_quantity(value, sizeof value, quantity, estimate->value);
    write_quantity(low, sizeof low, quantity, estimate->low);
    write_quantity(high, sizeof high, quantity, estimate->high);
    snprintf(text, CELL, "%s (%s to %s)", value, low, high);
}

// "13.0 ms, +6 %"; "!" where it lies outside of the interval
static void write_measured(char *text, enum quantity quantity,
                           const struct prediction_row *row)
{
    char value[32];
    double measured = row->measured[quantity];
    bool within = measured >= row->of[quantity].low && measured <= row->of[quantity].high;
    write_quantity(value, sizeof value, quantity, measured);
    if (isnan(measured))
        snprintf(text, CELL, "-");
    else
        snprintf(text, CELL, "%s, %+.0f %%%s", value,
                 100 * prediction_error(row, quantity), within ? " " : "!");
}

static void write_cell(const struct prediction *prediction, size_t line, size_t column,
                       char *text)
{
    size_t per = prediction->measured ? 2 : 1; // columns for each quantity
    enum quantity quantity = (enum quantity)(column == 0 ? 0 : (column - 1) / per);
    bool measured = column > 0 && (column - 1) % per == 1;
    const struct prediction_row *row = line == 0 ? NULL : &prediction->rows[line - 1];
    if (column == 0)
        snprintf(text, CELL, "%s", row == NULL ? "model" : row->model->name);
    else if (row == NULL)
        snprintf(text, CELL, "%s", measured ? "measured " : quantity_title(quantity));
    else if (measured)
        write_measured(text, quantity, row);
    else
        write_estimate(text, quantity, &row->of[quantity]);
}

static void print_table(FILE *file, const struct prediction *prediction)
{
    struct grid grid = {.file = file, .gap = GAP};
    char text[CELL];
    size_t columns = 1 + QUANTITY_COUNT * (prediction->measured ? 2U : 1U);
    for (size_t line = 0; line <= prediction->count; line++)
        for (size_t column = 0; column < columns; column++) {
            write_cell(prediction, line, column, text);
            grid_widen(&grid, column, text);
        }
    for (size_t line = 0; line <= prediction->count; line++) {
        for (size_t column = 0; column < columns; column++) {
            write_cell(prediction, line, column, text);
            grid_cell(&grid, column, text);
        }
        grid_end(&grid);
    }
}

// ---- how it is put together --------------------------------------------------------------

static void print_terms(FILE *file, const struct prediction *prediction,
                        const struct prediction_row *row, enum quantity quantity)
{
    const struct term *terms = prediction->book->formula->terms[quantity];
    const struct estimate *estimate = &row->of[quantity];
    char part[32], price[32], count[32];
    const char *sign = "=";
    fprintf(file, "  %s", quantity_title(quantity));
    if (estimate->waiting > 0) {
        write_quantity(part, sizeof part, quantity, estimate->waiting);
        fprintf(file, " = waiting %s", part);
        sign = "+";
    }
    for (size_t i = 0; terms[i].name != NULL; i++) {
        if (!(estimate->parts[i] > 0))
            continue;
        write_quantity(part, sizeof part, quantity, estimate->parts[i]);
        write_quantity(price, sizeof price, quantity, row->model->of[quantity].prices[i]);
        format_count(count, sizeof count, estimate->counts[i]);
        fprintf(file, " %s %s %s", sign, terms[i].name, part);
        if (estimate->counts[i] != 1)
            fprintf(file, " (%s x %s)", count, price);
        sign = "+";
    }
    fputc('\n', file);
}

// ---- all -------------------------------------------------------------------------------

static void print_errors(FILE *file, const struct prediction *prediction)
{
    fprintf(file, "median error:");
    for (int q = 0; q < QUANTITY_COUNT; q++) {
        double error = prediction_median_error(prediction, (enum quantity)q);
        if (!isnan(error))
            fprintf(file, "%s %s %.0f %%", q == 0 ? "" : ",",
                    quantity_title((enum quantity)q), 100 * error);
    }
    fprintf(file, "; ! is outside of the interval\n");
}

void prediction_print(FILE *file, const struct prediction *prediction, bool terms)
{
    const struct book *book = prediction->book;
    fprintf(file, "%s%s%s: %.0f tasks, at most %.0f in flight; prices of %.10s\n",
            book->formula->workload, book->choices[0] == '\0' ? "" : ", ", book->choices,
            prediction->situation->tasks, prediction->situation->in_flight,
            book->measured_utc);
    print_table(file, prediction);
    if (prediction->measured)
        print_errors(file, prediction);
    for (size_t i = 0; terms && i < prediction->count; i++) {
        fprintf(file, "%s\n", prediction->rows[i].model->name);
        for (int q = 0; q < QUANTITY_COUNT; q++)
            print_terms(file, prediction, &prediction->rows[i], (enum quantity)q);
    }
}
