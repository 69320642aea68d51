#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
#
# shuffle_words.bats - the orders in which the objects of a runner are linked: all words, each
# once; the same order for the same number, others for others; each word everywhere.

load ../common

shuffle() {
    "$ROOT/scripts/shuffle-words" "$@"
}

@test "all words come out, each once, and the same order for one number" {
    local words=(a.o b.o c.o d.o e.o 'with space.o')
    expect "one word" "$(shuffle 5 alone)" alone
    expect "no word" "$(shuffle 5)" ""
    for number in 0 1 16 4294967295; do
        expect "words of $number" "$(shuffle $number a b c d e f g | tr ' ' '\n' | sort | tr '\n' ' ')" \
            "a b c d e f g "
        expect "again" "$(shuffle $number "${words[@]}")" "$(shuffle $number "${words[@]}")"
    done
}

@test "sixteen numbers give sixteen orders, and each word comes first in some" {
    local orders
    orders=$(for number in $(seq 16); do shuffle "$number" a b c d e f g h; done)
    expect "orders" "$(sort -u <<<"$orders" | wc -l)" 16
    orders=$(for number in $(seq 100); do shuffle "$number" a b c d; done)
    expect "first words" "$(cut -d ' ' -f 1 <<<"$orders" | sort -u | wc -l)" 4
    expect "last words" "$(cut -d ' ' -f 4 <<<"$orders" | sort -u | wc -l)" 4
}

@test "what is no number is refused" {
    run_for 2 "$ROOT/scripts/shuffle-words"
    run_for 2 "$ROOT/scripts/shuffle-words" -1 a
    run_for 2 "$ROOT/scripts/shuffle-words" 1x a
    run_for 0 "$ROOT/scripts/shuffle-words" --help
    expect_output "usage:"
}
