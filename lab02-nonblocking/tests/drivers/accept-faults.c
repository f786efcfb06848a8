/* SPDX-License-Identifier: MIT */
/* accept-faults - spin-server, to which accept(2) fails now and then. */
#include "cases/accept_faults.h"
