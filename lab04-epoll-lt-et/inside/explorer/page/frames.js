// A frame is one picture. Most steps have one; a wait with an operation in the
// middle of its copy has three: before that operation, after it, and the end.

// What a step's answer says was reported: [ { thread, events: [ { name, mask
// } ] } ]; thread is null for the operation itself.
export function reports(step) {
	const verb = step.op.split(' ', 1)[0];
	const [own, ...threads] = step.uepoll.split('; ');
	const all = [];

	if (verb === 'wait' || verb === 'thread')
		all.push({ thread: null, events: events(own.split(' / ')[0]) });
	for (const part of threads) {
		const [thread, ...rest] = part.split(' ');

		all.push({ thread, events: events(rest.join(' ')) });
	}
	return all;
}

// "2 a:IN b:IN|HUP"
function events(text) {
	return text.split(' ').slice(1).filter((word) => word.includes(':'))
		.map((word) => {
			const colon = word.lastIndexOf(':');

			return { name: word.slice(0, colon), mask: word.slice(colon + 1) };
		});
}

// Before the operation in the middle of a copy, files are as the step before left
// them.
function frame(steps, index, phase, epolls) {
	const step = steps[index];
	const now = phase !== 'before';

	return { step, index, phase, epolls,
		files: now ? step.files : steps[index - 1].files,
		wakeups: now ? step.wakeups : [],
		reports: phase === 'end' ? reports(step) : [] };
}

// All frames of STEPS, in order.
export function framesOf(steps) {
	const frames = [];

	steps.forEach((step, index) => {
		if (step.during) {
			frames.push(frame(steps, index, 'before', step.during.before));
			frames.push(frame(steps, index, 'after', step.during.after));
		}
		frames.push(frame(steps, index, 'end', step.epolls));
	});
	return frames;
}

// The place of the last frame of the step INDEX; -1 before the first step.
export function endOf(frames, index) {
	return frames.findIndex(
		(frame) => frame.index === index && frame.phase === 'end');
}

// The events that a mask asks for, as words, without what is always in.
export function asked(mask) {
	return mask.split('|').filter((bit) => bit !== 'ERR' && bit !== 'HUP');
}

const FLAGS = ['ET', 'ONESHOT', 'EXCLUSIVE', '0'];

// ONESHOT has cleared all but the flags.
export function disarmed(mask) {
	return mask.split('|').every((bit) => FLAGS.includes(bit));
}
