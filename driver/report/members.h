// SPDX-License-Identifier: MIT
//
// members.h - the members of a JSON object as a table: the name of each, and the field of
// a C struct that holds it. One table serves the reader, the writer and the check of a
// file, so that no name stands in two places; and a field that the struct does not have,
// or whose type JSON has no word for, does not compile.
//
// Numbers that are not known are NAN, texts and values NULL; all of them are null in JSON.
//
// Read next: model_members.h for the tables.
#ifndef QUARTET_DRIVER_REPORT_MEMBERS_H
#define QUARTET_DRIVER_REPORT_MEMBERS_H

#include "driver/report/model.h"
#include "lib/check.h"
#include "lib/error.h"

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum member_type {
    MEMBER_TEXT,   // const char *, borrowed from the JSON that was read
    MEMBER_REAL,   // double
    MEMBER_COUNT,  // uint64_t or size_t; what is missing or below 0 is 0
    MEMBER_SMALL,  // unsigned, likewise
    MEMBER_BOOL,   // bool; anything but true is false
    MEMBER_TRUTH,  // enum truth
    MEMBER_NAME,   // an enum with names
    MEMBER_VALUE,  // json_t *, as it stands there; borrowed
    MEMBER_LIST,   // an array of structs, which is looked at here only to check its type
    MEMBER_COPY,   // char[], with harmless letters alone; "" where it is missing
    MEMBER_STRUCT, // a struct inside the struct, an object inside the object
};

enum member_rule {
    MEMBER_PLAIN = 0,
    MEMBER_REQUIRED = 1, // a file without it, or with another type, is refused
    MEMBER_CHECKED = 2,  // a file with another type is refused; missing or null are fine
    MEMBER_OPTIONAL = 4, // left out, rather than null, where it is not known
    MEMBER_WHOLE = 8,    // a double without a fraction: written as an integer
    MEMBER_OBJECT = 16,  // a value that must be an object: anything else is not known
    MEMBER_ARRAY = 32,   // or an array
    MEMBER_READ_ONLY = 64, // of another program: never written
    MEMBER_FILLED = 128    // an empty text is not known
};

// The names of an enum that begins with 0; what has none of them is read as `other`.
struct member_names {
    size_t count;
    int other;
    const char *const *list;
};

struct member {
    const char *name; // "cpu_ns.user" is in an object; such ones are only read
    enum member_type type;
    unsigned rules; // of enum member_rule
    size_t offset;
    size_t size;                      // of MEMBER_COPY
    const struct member_names *names; // of MEMBER_NAME
    const struct members *inner;      // of MEMBER_STRUCT
};

struct members {
    size_t count;
    const struct member *list;
};

// A table is an array of these; MEMBER_AS is for a name that is not that of the field.
#define MEMBER_TYPE(structure, field)                                                    \
    _Generic(&((structure *)0)->field, \
        const char **: MEMBER_TEXT, \
        char **: MEMBER_TEXT, \
        char(*)[sizeof((structure *)0)->field]: MEMBER_COPY, \
        double *: MEMBER_REAL, \
        uint64_t *: MEMBER_COUNT, \
        bool *: MEMBER_BOOL, \
        enum truth *: MEMBER_TRUTH, \
        const json_t **: MEMBER_VALUE, \
        json_t **: MEMBER_VALUE)
#define MEMBER_AS(text, structure, field, rule)                                          \
    {                                                                                    \
        .name = (text), .type = MEMBER_TYPE(structure, field), .rules = (rule),          \
        .offset = offsetof(structure, field), .size = sizeof((structure *)0)->field      \
    }
// The compiler may take an enum for an unsigned, so that these say what they are.
#define MEMBER_UNSIGNED(text, structure, field, rule)                                    \
    {                                                                                    \
        .name = (text), .rules = (rule), .offset = offsetof(structure, field), \
        .type = _Generic(&((structure *)0)->field, unsigned *: MEMBER_SMALL)         \
    }
#define MEMBER(structure, field, rule) MEMBER_AS(#field, structure, field, rule)
#define MEMBER_NAMED(structure, field, rule, all)                                        \
    {                                                                                    \
        .name = #field, .type = MEMBER_NAME, .rules = (rule),                            \
        .offset = offsetof(structure, field), .names = (all)                             \
    }
#define MEMBER_INNER(text, structure, field, members)                                    \
    {                                                                                    \
        .name = (text), .type = MEMBER_STRUCT, .offset = offsetof(structure, field),     \
        .inner = (members)                                                               \
    }
#define MEMBER_LIST_OF(text, rule)                                                       \
    {                                                                                    \
        .name = (text), .type = MEMBER_LIST, .rules = (rule)                             \
    }

// The table of a file: the array NAME_list becomes NAME_members.
#define MEMBERS_OF(name)                                                                 \
    static const struct members name##_members = {ARRAY_LEN(name##_list), name##_list}

// Fills in the fields of *structure; all are unknown where `object` is NULL.
void members_read(const json_t *object, const struct members *members, void *structure);

// Sets the members of `object`; unknown ones are null, or left out if they are optional.
void members_write(json_t *object, const struct members *members, const void *structure);

// The same for a new object.
json_t *members_json(const struct members *members, const void *structure);

// 0; or -EBADMSG with the place of what a file must have and this one has not: `place`
// ("tables[2]", "" for all of the file), and the name of the member.
int members_check(const json_t *object, const char *place, const struct members *members,
                  struct reason *reason);

#endif
