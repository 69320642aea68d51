# SPDX-License-Identifier: MIT
#
# sizes.bash - how little each workload can do and still be itself.
# shellcheck shell=bash

# Small enough for a sanitizer or valgrind.
small_options() {
    case $1 in
    primes) echo "--tasks 12 --limit 20000" ;;
    mixed) echo "--tasks 12 --exchanges 3 --compute 200us --delay 2ms" ;;
    matmul) echo "--tasks 10 --size 40" ;;
    compress) echo "--tasks 10 --blocks 2 --block 20k" ;;
    wordcount) echo "--tasks 10 --words 20k --vocabulary 500" ;;
    mandelbrot) echo "--tasks 12 --width 64" ;;
    sleep) echo "--tasks 16 --delay 2ms" ;;
    fetch) echo "--tasks 16 --delay 3ms --exchanges 3" ;;
    serve) echo "--tasks 12 --requests 5" ;;
    spawn) echo "--tasks 10 --children 8" ;;
    schedule) echo "--tasks 16 --span 20ms --lead 5ms" ;;
    switch) echo "--tasks 7 --switches 500" ;;
    park) echo "--tasks 7 --hold 2ms" ;;
    broadcast) echo "--tasks 7 --rounds 5" ;;
    pipeline) echo "--tasks 7 --items 200" ;;
    semaphore) echo "--tasks 12 --permits 3" ;;
    counter) echo "--tasks 12 --additions 200" ;;
    gather) echo "--tasks 7 --delay 20ms" ;;
    stall) echo "--tasks 7 --beats 6 --compute 10ms" ;;
    lite) echo "--tasks 12 --transactions 5 --think 1ms --synchronous off" ;;
    files) echo "--tasks 8 --files 3 --size 10001 --sync none" ;;
    cache) echo "--tasks 12 --commands 20 --pipeline 3" ;;
    crash) echo "--tasks 12 --patience 30s" ;; # where a sanitizer and others take the CPUs
    *) echo "--tasks 12" ;;
    esac
}
