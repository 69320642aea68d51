#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
#
# Are the checks worth anything of the workloads that process data? One line is changed in
# a copy, and the run must be refused with a reason that names what is wrong.
# timeout: 600 s

load ../common
load tree

@test "matmul: a row that is left out of the sum" {
    change workloads/matmul/kernel.c 's/for \(uint64_t k = 0; k < size; k\+\+\)/for (uint64_t k = 1; k < size; k++)/'
    build bin/multithread bin/eventloop
    refused bin/multithread matmul --size 50 -- "row 0 of the product is wrong"
    refused bin/eventloop matmul --size 50 -- "row 0 of the product is wrong"
}

@test "matmul: a row that is counted and not made" {
    change workloads/matmul/kernel.c 's/^    memset\(sum, 0/    if (row == 7) {\n        task->outcome->operations += size * size;\n        return true;\n    }\n&/'
    build bin/multiprocess
    refused bin/multiprocess matmul --size 50 -- "row 7 of the product is wrong"
}

@test "wordcount: a word that is counted twice, and one that is lost between two parts" {
    change workloads/wordcount/count.c 's/^        part->table\[rank\]\+\+;/        part->table[rank] += words == 0 ? 2 : 1;/'
    build bin/coroutine
    refused bin/coroutine wordcount --words 5k -- "times, but occurs"
    cp before workloads/wordcount/count.c
    change workloads/wordcount/count.c 's/^    while \(place > 0 && place < end/    place += place > 0;\n&/'
    build bin/coroutine
    refused bin/coroutine wordcount --words 5k -- "unequal work" "words"
}

@test "wordcount: a table that is added up twice, or not read from its pipe" {
    change workloads/wordcount/count.c 's/^        parameters->totals\[rank\] \+= table\[rank\];/        parameters->totals[rank] += table[rank] * (1 + (from == 3));/'
    build bin/eventloop
    refused bin/eventloop wordcount --words 5k -- "times, but occurs"
    cp before workloads/wordcount/count.c
    change workloads/wordcount/count.c 's/int error = read_table\(parameters, from, part->table\);/int error = from == 3 ? 0 : read_table(parameters, from, part->table);/'
    build bin/multiprocess
    refused bin/multiprocess wordcount --words 5k --return pipe -- "times, but occurs"
}

@test "compress: blocks that are copied instead, or restored from elsewhere" {
    [ -d build/release/obj/workloads/compress ] || skip "this build lacks compress"
    change workloads/compress/block.c 's/\(int\)parameters->level\);/-(1 << 17));/'
    build bin/multithread
    refused bin/multithread compress --tasks 3 -- "that is no compression"
    cp before workloads/compress/block.c
    # What is restored is right, and what is digested is the block before.
    change workloads/compress/block.c 's/compress_digest\(\(const char \*\)tools->restored, size, tools->next\)/compress_digest(text - (tools->next == 1), size, tools->next)/'
    build bin/eventloop
    refused bin/eventloop compress --tasks 3 -- "has restored other blocks than its own"
    cp before workloads/compress/block.c
    change workloads/compress/block.c 's/^    if \(ZSTD_isError\(restored\)/    tools->restored[size - 1] ^= 1;\n&/'
    build bin/coroutine
    refused bin/coroutine compress --tasks 3 -- "3 of 3 tasks failed" "Bad message"
}

@test "mixed: a computation that is cut short, left out, or made by a light session" {
    change workloads/mixed/mixed.c 's/while \(spent_ns < job->compute_ns\)/while (spent_ns < job->compute_ns \/ 4)/'
    build bin/coroutine
    refused bin/coroutine mixed --exchanges 5 -- "the sessions computed 450 times" "instead of 450 times 100000 ns"
    cp before workloads/mixed/mixed.c
    change workloads/mixed/mixed.c 's/return job->compute_ns > 0;/return job->compute_ns > 0 \&\& task->index != 7;/'
    build bin/eventloop
    refused bin/eventloop mixed --exchanges 5 -- "the sessions computed 445 times"
    cp before workloads/mixed/mixed.c
    change workloads/mixed/mixed.c 's/task->outcome->samples = 0;/task->outcome->samples = task->index == 7;/'
    build bin/multithread
    refused bin/multithread mixed --exchanges 5 -- "session 7 left 1 latencies instead of 0"
}

@test "files: one that holds something else, and one that is never renamed" {
    change workloads/files/kernel.c 's/^    fill\(page, parameters->size, start_of\(work, task, number\)\);/    fill(page, parameters->size, start_of(work, task, number + (number == 3)));/'
    build bin/multithread
    refused bin/multithread files --tasks 4 --files 5 --size 1k -- "has read back something else than it wrote"
    cp before workloads/files/kernel.c
    change workloads/files/kernel.c 's/^    while \(walk->stage < END && !is_wanted/    walk->stage += walk->stage == RENAME;\n&/'
    build bin/coroutine
    refused bin/coroutine files --tasks 4 --files 5 --size 1k -- "file 0 of task" "No such file or directory"
}
