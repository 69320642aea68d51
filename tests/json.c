// SPDX-License-Identifier: MIT
//
// json FILE KEY.KEY...: prints one value of a JSON file, for the bats files, which ask more
// than a thousand times: an interpreter would take ten times as long to start as this takes.
// A key is a name or the number of an element. Texts come without quotes, all else as
// Python's json.dumps() writes it. Exit 1 if there is no such value.
//
// Read next: common.bash.
#include <ctype.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const json_t *member(const json_t *value, const char *key)
{
    if (json_is_array(value) && isdigit((unsigned char)key[0]))
        return json_array_get(value, strtoul(key, NULL, 10));
    return json_object_get(value, key);
}

// The fewest digits that are the same number when read again, and always a sign that it is
// not whole: 264.0, 0.1, 1e+22.
static void print_real(double value)
{
    char text[64];
    for (int digits = 1; digits <= 17; digits++) {
        snprintf(text, sizeof text, "%.*g", digits, value);
        if (strtod(text, NULL) >= value && strtod(text, NULL) <= value)
            break;
    }
    double size = value < 0 ? -value : value;
    if (strchr(text, 'e') != NULL && size >= 1 && size < 1e16)
        snprintf(text, sizeof text, "%.0f", value); // 100000, where %g says 1e+05
    fputs(text, stdout);
    puts(strpbrk(text, ".e") == NULL ? ".0" : "");
}

static int print(const json_t *value)
{
    if (json_is_string(value))
        return puts(json_string_value(value)) < 0;
    if (json_is_real(value)) {
        print_real(json_real_value(value));
        return 0;
    }
    if (json_dumpf(value, stdout, JSON_ENCODE_ANY | JSON_ENSURE_ASCII) != 0)
        return 1;
    return puts("") < 0;
}

int main(int argc, char **argv)
{
    if (argc != 3) {
        fprintf(stderr, "usage: json FILE KEY.KEY...\n");
        return 2;
    }
    json_error_t error;
    json_t *root = json_load_file(argv[1], 0, &error);
    if (root == NULL) {
        fprintf(stderr, "json: %s: line %d: %s\n", argv[1], error.line, error.text);
        return 1;
    }
    const json_t *value = root;
    for (char *key = strtok(argv[2], "."); key != NULL; key = strtok(NULL, ".")) {
        value = member(value, key);
        if (value == NULL) {
            fprintf(stderr, "json: %s has no '%s' there\n", argv[1], key);
            json_decref(root);
            return 1;
        }
    }
    int failed = print(value);
    json_decref(root);
    return failed != 0 || fflush(stdout) != 0;
}
