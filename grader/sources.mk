# The grader's parts. libjudge.a is linked into every lab's tests.
JUDGE_MODULES = judge report sink excerpt pattern paths wait launch prog \
	stop output input peer between across wire exchange procfs proc calls sanitizer valgrind \
	echo echo_turn pollers
JUDGE_LIB = $(O)/grader/judge/libjudge.a
$(JUDGE_LIB): $(JUDGE_MODULES:%=$(O)/grader/judge/%.o)
CHAOS_MODULES = chaos settings stream calls alloc
GRADE_MODULES = main cli cmd_run cmd_show watch lab grading grading_keys \
	run trial build keeper keep reap stop state result json board \
	print_text print_trace promise names blame code print_plain print_json style progress mem
