/* SPDX-License-Identifier: MIT */
/* accept-faults - echo-server, to which accept(2) fails now and then. */
#include "cases/accept_faults.h"
