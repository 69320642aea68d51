// SPDX-License-Identifier: MIT
//
// options.h - command-line options as tables: one row says name, kind, default,
// range and help, and from it come the parser, the --help text, the error messages,
// and the names under which a value stands in JSON. No option exists twice.
//
// Values with units: counts 10000, 10k, 2M (powers of 1000); sizes 64, 64KiB, 4MiB, 1GiB
// (bytes, also as 64k, 4m, 1g); durations 500ns, 10us, 10ms, 2s, 1min, 1h (a bare number
// is refused, except 0).
#ifndef QUARTET_LIB_OPTIONS_H
#define QUARTET_LIB_OPTIONS_H

#include "lib/error.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

enum option_kind {
    OPTION_COUNT,    // uint64_t
    OPTION_SIZE,     // uint64_t, bytes
    OPTION_DURATION, // uint64_t, nanoseconds
    OPTION_CHOICE,   // uint64_t, index into `choices`
    OPTION_FLAG,     // bool, takes no value
    OPTION_TEXT,     // const char *, borrowed from argv
    OPTION_LIST,     // struct option_list: a text each time that the option is given
};

#define OPTION_LIST_MAXIMUM 32

struct option_list {
    size_t count;
    const char *texts[OPTION_LIST_MAXIMUM]; // borrowed from argv
};

struct option_spec {
    const char *name; // "delay", without dashes
    enum option_kind kind;
    size_t offset;        // of the value in the caller's struct
    const char *fallback; // the default as one would type it; NULL: none (0, false, NULL)
    uint64_t minimum;     // inclusive, for counts, sizes and durations
    uint64_t maximum;     // inclusive
    const char *choices;  // "tcp|unix", for OPTION_CHOICE; of a text: for help
    const char *help;     // one line
};

// A table with the struct that its offsets point into.
struct option_group {
    const char *title; // heading in --help
    const struct option_spec *specs;
    void *values;
};

// Writes all defaults. A default that does not parse is an internal error.
void options_defaults(const struct option_group *group);

// Takes argv[0..argc) as options of these groups (ended by a NULL specs), both
// "--name value" and "--name=value". Anything else goes to operands[] in order (at
// most `room`; more is an error); "--" ends options. Returns the number of operands,
// or -EINVAL with the option, the value, the range and what to try in `reason`.
int options_parse(const struct option_group *groups, int argc, char **argv,
                  const char **operands, int room, struct reason *reason);

// Prints heading and one line per option: name, value, help, default and range.
void options_print(FILE *file, const struct option_group *group);

// One such line.
void options_print_row(FILE *file, const struct option_spec *spec);

// The two halves of it: "--delay TIME" and "how long (0 to 1 min; default 1 s)".
#define OPTION_HEAD_SIZE 64
#define OPTION_TEXT_SIZE 320
void option_words(const struct option_spec *spec, char *head, size_t head_size,
                  char *text, size_t text_size);

// The key of this option in JSON: "delay" of kind duration is "delay_ns".
void option_json_key(const struct option_spec *spec, char *key, size_t size);

// The text of choice number `index`, copied into `text`.
void option_choice_text(const struct option_spec *spec, uint64_t index, char *text,
                        size_t size);

// Parses "10k", "64KiB", "10ms" as the kind says; a space may stand before the unit. 0, or
// -EINVAL.
int quantity_parse(enum option_kind kind, const char *text, uint64_t *value);

// Formats a quantity exactly, in the largest unit that divides it: "10 ms", "64 KiB", "10k".
// quantity_parse() understands it.
void quantity_format(enum option_kind kind, uint64_t value, char *text, size_t size);

#endif
