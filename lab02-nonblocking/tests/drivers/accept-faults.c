/* SPDX-License-Identifier: MIT */
/* spin-server on a system where accept(2) fails: lab 1 has written this. */
#include "../../../lab01-blocking/tests/drivers/accept-faults.c"
