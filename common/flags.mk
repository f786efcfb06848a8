# How everything is compiled. Objects mirror the tree: the object of
# lab01-blocking/io.c is $(O)/lab01-blocking/io.o.
#
#   make                                    gcc, into build/gcc
#   make CC=clang                           into build/clang
#   make VARIANT=asan SAN=address,undefined into build/asan

TOP := $(patsubst %/,%,$(dir $(abspath $(dir $(lastword $(MAKEFILE_LIST))))))

ifeq ($(origin CC),default)
CC = gcc
endif
VARIANT ?= $(notdir $(CC))
O ?= $(TOP)/build/$(VARIANT)
# make goes into folders, where a relative path is another one.
ifeq ($(filter /%,$(O)),)
$(error O=$(O): expected an absolute path)
endif

CFLAGS ?= -O2 -g
# A compiler newer than ours may warn where it has never warned before, and that
# is no reason for anybody's build to fail. The project's own tests say
# WERROR=-Werror.
WERROR ?=
WARN = -Wall -Wextra -Wshadow -Wmissing-prototypes $(WERROR)
override CFLAGS += -std=c11 -pthread $(WARN)
CPPFLAGS += -D_GNU_SOURCE -I$(TOP)/common
LDFLAGS += -pthread
ifneq ($(SAN),)
override CFLAGS += -fsanitize=$(SAN) -fno-omit-frame-pointer \
	-fno-sanitize-recover=all
LDFLAGS += -fsanitize=$(SAN)
endif

# The grader's sources: in a workspace they lie out of the student's way.
GRADER := $(firstword $(wildcard $(TOP)/grader $(TOP)/.readylist/grader))

include $(TOP)/common/sources.mk
COMMON_LIB = $(O)/common/libcommon.a

.DEFAULT_GOAL := all
.DELETE_ON_ERROR:
.SUFFIXES:

# One short line for each step; make V=1 shows the whole commands.
Q = $(if $(V),,@)
say = @$(if $(V),:,printf '  %-4s %s\n' $(1) '$(2:$(TOP)/%=%)')

define compile
@mkdir -p $(@D)
$(call say,CC,$<)
$(Q)$(CC) $(CPPFLAGS) $(CFLAGS) -MMD -MP -c -o $@ $<
endef

$(O)/%.o: $(TOP)/%.c
	$(compile)

$(O)/grader/%.o: $(GRADER)/%.c
	$(compile)

# A module that left the tree must not live on in the archive.
$(O)/%.a:
	@rm -f $@
	@mkdir -p $(@D)
	$(call say,AR,$@)
	$(Q)$(AR) rcs $@ $^

$(COMMON_LIB): $(COMMON_MODULES:%=$(O)/common/%.o)

# Links the objects and archives among the prerequisites.
define link
$(call say,LD,$@)
$(Q)$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $(filter %.o,$^) $(filter %.a,$^) $(LDLIBS)
endef
