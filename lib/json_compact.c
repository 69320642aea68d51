// SPDX-License-Identifier: MIT
//
// json_compact.c - see json_compact.h.
#include "lib/json_compact.h"

#include "lib/json_file.h"

// A double has 17 significant digits; no figure of ours needs them all.
#define STYLE (JSON_COMPACT | JSON_REAL_PRECISION(15))

void json_compact_print(FILE *file, const json_t *content)
{
    json_print_style(file, content, STYLE);
}

static int hash_piece(const char *piece, size_t size, void *hash)
{
    sha256_add(hash, piece, size);
    return 0;
}

void json_compact_hash(const json_t *content, char text[SHA256_TEXT_SIZE])
{
    struct sha256 hash;
    sha256_init(&hash);
    if (json_dump_callback(content, hash_piece, &hash, STYLE) == 0)
        sha256_add(&hash, "\n", 1);
    sha256_text(&hash, text);
}
