# The grader's parts. libjudge.a is linked into every lab's tests.
JUDGE_MODULES = judge report sink excerpt pattern paths wait launch prog \
	stop output input peer between across wire exchange procfs proc calls \
	sanitizer valgrind echo echo_turn pollers kill
JUDGE_LIB = $(O)/grader/judge/libjudge.a
$(JUDGE_LIB): $(JUDGE_MODULES:%=$(O)/grader/judge/%.o)
CHAOS_MODULES = chaos settings stream calls alloc
GRADE_MODULES = main cli cmd_run cmd_show cmd_list cmd_check watch lab grading grading_keys \
	run trial jobs command files build keeper keep reap stop state result json board \
	print_text print_trace promise names blame code print_plain print_json style progress mem \
	mutant/cmd_mutants mutant/mutant mutant/copy mutant/matrix \
	experiments/cmd_experiments experiments/experiment \
	experiments/experiment_table
