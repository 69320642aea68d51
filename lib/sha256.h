// SPDX-License-Identifier: MIT
//
// sha256.h - the SHA-256 of bytes that come piece by piece, so that what is quoted from a
// file can name exactly that file. `sha256sum FILE` prints the same digits.
//
//   sha256_init(&hash); sha256_add(&hash, bytes, size); ... sha256_text(&hash, digits);
//
// Source: FIPS PUB 180-4, "Secure Hash Standard", sections 4.1.2, 5.3.3 and 6.2.
#ifndef QUARTET_LIB_SHA256_H
#define QUARTET_LIB_SHA256_H

#include <stddef.h>
#include <stdint.h>

#define SHA256_TEXT_SIZE 65 // 64 digits and the final zero

struct sha256 {
    uint32_t state[8];
    uint64_t bytes; // all that were added
    uint8_t block[64];
};

void sha256_init(struct sha256 *hash);
void sha256_add(struct sha256 *hash, const void *bytes, size_t size);

// Writes the lower-case digits of all that was added; the hash is used up.
void sha256_text(struct sha256 *hash, char text[SHA256_TEXT_SIZE]);

// That of a regular file. 0, or -errno; -EINVAL: it is not a regular file.
int sha256_file(const char *path, char text[SHA256_TEXT_SIZE]);

#endif
