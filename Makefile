# Builds everything. `./course` is the door for people; it ends up here.

include common/flags.mk
LABS := $(sort $(patsubst %/Makefile,%,$(wildcard lab[0-9][0-9]-*/Makefile)))

all: common grader labs $(wildcard demo)

common:
	@$(MAKE) --no-print-directory -C common

grader: common
	@$(MAKE) --no-print-directory -C $(GRADER)

# One lab after the other: a later lab links objects of earlier ones.
labs: grader
	@set -e; for lab in $(LABS); do \
		$(MAKE) --no-print-directory -C $$lab programs tests experiments; \
	done

# The labs' programs at work together.
demo: labs
	@$(MAKE) --no-print-directory -C demo

# Programs and drivers only, for a sanitized variant.
programs: common
	@set -e; for lab in $(LABS); do \
		$(MAKE) --no-print-directory -C $$lab programs; \
	done

# Every C file of ours, wherever a workspace may lie in the tree.
C_FILES = find . -mindepth 1 \( -name .git -o -path ./build -o -path ./work \
	-o -type d -exec test -d '{}/.readylist' \; \) -prune \
	-o -type f -name '*.[ch]' -print0

format:
	@$(C_FILES) | xargs -0r clang-format -i

format-check:
	@$(C_FILES) | xargs -0r clang-format --dry-run -Werror

clean:
	rm -rf $(TOP)/build

.PHONY: all common grader labs demo programs format format-check clean

# Mutants made by rule: LAB=, FILE=, SAMPLE=, SEED=.
mutate: grader
	@build/gcc/grader/grade/grade mutate $(LAB) $(FILE) \
		$(if $(SAMPLE),--sample $(SAMPLE)) $(if $(SEED),--seed $(SEED))
.PHONY: mutate

# The reference under load: LAB=, MINUTES=.
flake: grader
	@MINUTES=$(or $(MINUTES),10) OFFICIAL=$(OFFICIAL) sh selftest/flake.sh $(LAB)
.PHONY: flake

# Every program meets every trouble: selftest/sweep.sh.
sweep-programs: grader programs
	@$(MAKE) --no-print-directory -C selftest/sweep
	@$(MAKE) --no-print-directory VARIANT=asan SAN=address,undefined programs
sweep:
	@sh selftest/sweep.sh all
.PHONY: sweep-programs sweep

# Fuzzers, for as long as one likes: OPS=, SEED=, FUZZ_SECONDS=.
fuzz-uepoll: common
	@$(MAKE) --no-print-directory -C lab04-epoll-lt-et $@
fuzz-request: common
	@$(MAKE) --no-print-directory -C lab05-threadpool $@
.PHONY: fuzz-uepoll fuzz-request
