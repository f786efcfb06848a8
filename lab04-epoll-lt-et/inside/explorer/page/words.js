// All that the page says by itself, in English and in Chinese. What happened in
// epoll is said by the scope's code, in English.

const en = {
	lang: 'en',
	title: 'epoll inside out',
	minuteButton: 'One minute',
	exploreButton: 'Explore',
	otherLanguage: '中文',
	theme: { auto: 'Theme: system', light: 'Theme: light', dark: 'Theme: dark' },

	minuteTitle: 'epoll in one minute',
	minute1: 'epoll_ctl(ADD) makes an item for the socket. It puts the item into ' +
		'a tree, and a callback into the wait queue of the socket.',
	minute2: 'Bytes arrive: the socket runs the callbacks in its wait queue. ' +
		'That of epoll puts the item on the ready list, and wakes a thread ' +
		'that sleeps in epoll_wait(). Nothing is searched.',
	minute3: 'epoll_wait() takes items off the ready list, asks each file ' +
		'whether it is still ready, and reports those that are. A ' +
		'level-triggered item goes back to the end of the list. An ' +
		'edge-triggered one stays off until its file calls again. That is ' +
		'the difference.',
	minuteStart: 'See why an edge-triggered reader stalls',
	picTree: 'tree', picReady: 'ready list', picQueue: 'wait queue',
	picSocket: 'socket', picYou: 'your program', picBytes: 'bytes',
	picThread: 'a thread', picLevel: 'level: to the end', picEdge: 'edge: off the list',

	story: 'Story', stories: 'Stories', puzzles: 'Puzzles',
	own: 'A script of your own',
	first: 'First step', back: 'Back', forward: 'Forward', last: 'Last step',
	play: 'Play', pause: 'Pause',
	position: 'Step',
	stepOf: (n, all) => `Step ${n} of ${all}`,
	before: 'Nothing has happened yet.',
	timeline: 'Timeline', picture: 'Picture', pictureWords: 'The picture in words',
	returned: 'returned',
	refused: (name) => `refused: ${name}`,
	code: 'Your line of C', calls: 'In the kernel, Linux 6.18',
	answerUepoll: 'the model (uepoll)', answerKernel: 'the kernel',
	recorded: (release) => `recorded on Linux ${release}`,
	differ: 'they differ',
	notPossible: 'not recorded: stopping a copy (userfaultfd) is for root',
	askKernel: 'The kernel was asked about the stories and puzzles only. To ask ' +
		'yours, save this script as a file and play it with ./course scope.',
	happened: 'What happened',
	legend: '● the file has an event that the item asks for, ○ it has none. A ' +
		'dashed frame marks a red node of the red-black tree. ⚡ the file calls: ' +
		'it runs the callbacks in its wait queue, with these events as the key.',
	nothingMoved: 'Nothing moved in epoll.',
	files: 'Files', items: 'Interest tree', ready: 'ready list', batch: 'batch',
	overflow: 'overflow list', waiters: 'waiters', events: 'reported',
	queue: 'wait queue', anything: 'anything', noItems: 'no items',
	disarmed: 'disarmed', nothing: 'empty', covered: '? (hidden while you guess)',
	exclusive: 'exclusive', file: 'file', isReady: 'ready',
	isNotReady: 'not ready', isEpoll: 'an epoll', red: 'red', black: 'black',
	called: (file) => `${file} called, with the key`, unheard: 'nobody listens',
	bytes: (n, kind) => (kind === 'counter' ? `value ${n}`
		: n === 1 ? '1 byte' : `${n} bytes`),
	copying: (n) => `Event ${n} is being copied out, and the copy sleeps. The ` +
		'wait has taken the whole ready list as its batch.',
	meanwhile: (op) => `Meanwhile: ${op}. The wait owns the links of the batch, ` +
		'so an item whose file calls now goes to the overflow list.',

	whatIf: 'What if?',
	whatIfHelp: 'Change an item or a wait, and see the first step at which the ' +
		'story differs.',
	change: 'Change',
	itemIn: (item, epoll) => `item ${item} in ${epoll}`,
	waitsOn: (epoll) => `maxevents of the waits on ${epoll}`,
	maxevents: 'maxevents',
	compare: 'Compare',
	whatIfNone: 'This script has no item and no wait yet.',
	sameStory: 'Nothing differs: the same answers, and the same lists.',
	sameAnswers: (n, op) => `The answers stay the same. The lists differ first ` +
		`after step ${n}, ${op}.`,
	firstDifference: (n, op, now, was) => `The first answer that differs is that ` +
		`of step ${n}, ${op}: ${now}. It was: ${was}.`,
	cannot: (text) => `This cannot be played: ${text}`,
	showChanged: 'Show the changed story there, without its notes',

	guessMode: 'Guess before each epoll_wait',
	guessTitle: (op) => `What will “${op}” report?`,
	guessHelp: 'Press the events that you expect, item by item in the order of ' +
		'the report. Press nothing if you expect no event.',
	guessNow: 'This is my guess',
	guessSkip: 'Show me',
	guessYours: 'Your guess',
	guessRight: 'Right.',
	guessWrong: (was) => `Not quite: uepoll reports ${was}.`,
	guessRefused: 'The call is refused',
	score: (right, all) => `${right} of ${all} right`,
	notListed: (name) => `${name} was not on the ready list: its file has not ` +
		'called since it was last taken off.',
	listedQuiet: (name) => `${name} was on the ready list, but when it was asked ` +
		'its file was not ready any more: dropped without a word.',
	notReached: (name, max) => `${name} was on the ready list, but the wait took ` +
		`only ${max}, and others came before it.`,
	listedReady: (name, place, mask) => `${name} was on the ready list, at place ` +
		`${place}, and its file said ${mask}.`,
	otherMask: (name, mask) => `${name}: reported is all that holds now of what ` +
		`was asked for, and ERR and HUP unasked: ${mask}.`,
	otherOrder: (order) => `The order is that of the ready list: ${order}.`,
	wayOf: (name) => `The way of ${name}`,

	edit: 'Edit the script', editTitle: 'Script',
	editHelp: 'One operation a line. It is played as you type. While there is a ' +
		'mistake, the last script without one is shown below.',
	atLine: (n, text) => `Line ${n}: ${text}`,
	noErrors: 'No mistakes.',
	openFile: 'Open a file', saveFile: 'Save as a file',
	reference: 'The language',
	referenceMore: 'An operation may be followed by “# a comment”. A comment in ' +
		'the first line is the title. A name begins with a letter and has at ' +
		'most 15 characters.',
	referenceMask: 'MASK: IN OUT RDHUP PRI ET ONESHOT EXCLUSIVE, joined by |',
	says: {
		stream: 'a socket pair', pipe: 'a pipe', counter: 'an eventfd',
		file: 'a regular file', epoll: 'an epoll',
		dup: 'another descriptor of the same file', add: 'epoll_ctl, ADD',
		mod: 'epoll_ctl, MOD', del: 'epoll_ctl, DEL',
		ctl: 'epoll_ctl with an op that does not exist',
		write: 'write() so many bytes; to a counter, add this number',
		read: 'read() at most so many bytes', shut: 'shutdown()',
		close: 'close(); the name keeps the old number, as a variable in C does',
		wait: 'epoll_wait for at most MAX events, with the timeout 0; during: ' +
			'the operation WHAT happens while event number EVENT is copied out',
		items: 'the interest list, by descriptor',
		thread: 'a thread that sleeps in epoll_wait', note: 'text for the reader',
	},

	share: 'Share', shareLink: 'Copy a link', shareSvg: 'Save the picture (SVG)',
	linkIs: 'The link', copied: 'Copied.',
	copyByHand: 'Select the link and copy it.',
	noStory: (name) => `There is no story “${name}”. Here is another one.`,
	badLink: 'The link holds no script: what stands behind # is not one that ' +
		'this page makes. Here is a story.',
	badScript: 'This script has a mistake. It is shown in the editor.',

	keys: 'Keys: → next, ← back, Home first, End last, p play, g guess, e edit, ' +
		'? show this line',
	titles: {},
};

const zh = {
	...en,
	lang: 'zh',
	title: 'epoll 内部一览',
	minuteButton: '一分钟',
	exploreButton: '探索',
	otherLanguage: 'English',
	theme: { auto: '主题：跟随系统', light: '主题：浅色', dark: '主题：深色' },

	minuteTitle: '一分钟看懂 epoll',
	minute1: 'epoll_ctl(ADD) 为套接字建立一个条目，把它放进树里，' +
		'并在套接字的等待队列里挂一个回调。',
	minute2: '数据到达：套接字逐个运行等待队列里的回调。epoll 的回调把条目挂到就绪链表上，' +
		'并唤醒一个睡在 epoll_wait() 里的线程。不需要查找。',
	minute3: 'epoll_wait() 从就绪链表取下条目，再问每个文件是否仍然就绪，并报告仍就绪的。' +
		'水平触发的条目回到链表末尾；边缘触发的不回去，直到它的文件再次唤醒。' +
		'区别仅此而已。',
	minuteStart: '看看边缘触发的读取方为什么会卡住',
	picTree: '树', picReady: '就绪链表', picQueue: '等待队列',
	picSocket: '套接字', picYou: '你的程序', picBytes: '数据',
	picThread: '一个线程', picLevel: '水平：回到末尾', picEdge: '边缘：不回链表',

	story: '故事', stories: '故事', puzzles: '谜题',
	own: '自己的脚本',
	first: '第一步', back: '后退', forward: '前进', last: '最后一步',
	play: '播放', pause: '暂停',
	position: '步骤',
	stepOf: (n, all) => `第 ${n} 步，共 ${all} 步`,
	before: '还什么都没有发生。',
	timeline: '时间线', picture: '图', pictureWords: '用文字描述这张图',
	returned: '返回',
	refused: (name) => `被拒绝：${name}`,
	code: '你的 C 代码', calls: '内核中（Linux 6.18）',
	answerUepoll: '模型（uepoll）', answerKernel: '内核',
	recorded: (release) => `在 Linux ${release} 上录制`,
	differ: '两者不同',
	notPossible: '没有录制：中断拷贝(userfaultfd)需要 root',
	askKernel: '内核只回答过故事和谜题。要问你的内核，请把脚本存为文件，' +
		'用 ./course scope 播放。',
	happened: '发生了什么',
	legend: '● 文件有条目所求的事件，○ 没有。虚线框是红黑树的红节点。' +
		'⚡ 文件发出唤醒：运行等待队列里的回调，键就是这些事件。',
	nothingMoved: 'epoll 里什么都没有移动。',
	files: '文件', items: '兴趣树', ready: '就绪链表', batch: '本批',
	overflow: '溢出链表', waiters: '等待者', events: '已报告',
	queue: '等待队列', anything: '任何事件', noItems: '没有条目',
	disarmed: '已停用', nothing: '空', covered: '?（猜完再看）',
	exclusive: '独占', file: '文件', isReady: '就绪',
	isNotReady: '未就绪', isEpoll: '是 epoll', red: '红', black: '黑',
	called: (file) => `${file} 发出唤醒，键为`, unheard: '无人监听',
	bytes: (n, kind) => (kind === 'counter' ? `值 ${n}` : `${n} 字节`),
	copying: (n) => `正在拷贝第 ${n} 个事件，拷贝睡眠了。这次等待已取走整个就绪链表，作为本批。`,
	meanwhile: (op) => `与此同时：${op}。本批的链接归这次等待所有，` +
		'所以此时被唤醒的条目进溢出链表。',

	whatIf: '如果……会怎样？',
	whatIfHelp: '改变一个条目或一次等待，看故事从哪一步开始不同。',
	change: '改变',
	itemIn: (item, epoll) => `${epoll} 中的条目 ${item}`,
	waitsOn: (epoll) => `在 ${epoll} 上等待的 maxevents`,
	compare: '比较',
	whatIfNone: '这个脚本还没有条目，也没有等待。',
	sameStory: '没有不同：答案相同，链表也相同。',
	sameAnswers: (n, op) => `答案不变。链表从第 ${n} 步 ${op} 之后开始不同。`,
	firstDifference: (n, op, now, was) =>
		`第一个不同的答案在第 ${n} 步 ${op}：${now}。原来是：${was}。`,
	cannot: (text) => `无法播放：${text}`,
	showChanged: '在那里显示改变后的故事（不带说明）',

	guessMode: '每次 epoll_wait 之前先猜',
	guessTitle: (op) => `“${op}” 会报告什么？`,
	guessHelp: '按报告的顺序，逐个条目点你预期的事件。预期没有事件就什么都不点。',
	guessNow: '我猜好了',
	guessSkip: '告诉我',
	guessYours: '你的猜测',
	guessRight: '正确。',
	guessWrong: (was) => `不对：uepoll 报告 ${was}。`,
	guessRefused: '调用被拒绝',
	score: (right, all) => `${all} 题中答对 ${right} 题`,
	notListed: (name) => `${name} 不在就绪链表上：上次取下之后，它的文件没有再唤醒。`,
	listedQuiet: (name) => `${name} 在就绪链表上，但再问时它的文件已不就绪：悄悄丢掉。`,
	notReached: (name, max) => `${name} 在就绪链表上，但这次等待只取 ${max} 个，前面还有别的。`,
	listedReady: (name, place, mask) =>
		`${name} 在就绪链表的第 ${place} 位，它的文件说 ${mask}。`,
	otherMask: (name, mask) => `${name}：报告的是所求事件中现在成立的全部，` +
		`ERR 和 HUP 不求也报告：${mask}。`,
	otherOrder: (order) => `顺序就是就绪链表的顺序：${order}。`,
	wayOf: (name) => `${name} 走过的路`,

	edit: '编辑脚本', editTitle: '脚本',
	editHelp: '每行一个操作。边写边播放。有错误时，下面仍是上一个没有错误的脚本。',
	atLine: (n, text) => `第 ${n} 行：${text}`,
	noErrors: '没有错误。',
	openFile: '打开文件', saveFile: '存为文件',
	reference: '语言',
	referenceMore: '操作后面可以写“# 注释”。第一行若是注释，就是标题。' +
		'名字以字母开头，最多 15 个字符。',
	referenceMask: 'MASK:IN OUT RDHUP PRI ET ONESHOT EXCLUSIVE，用 | 连接',
	says: {
		stream: '一对套接字', pipe: '管道', counter: 'eventfd',
		file: '普通文件', epoll: '一个 epoll',
		dup: '同一文件的另一个描述符', add: 'epoll_ctl,ADD',
		mod: 'epoll_ctl,MOD', del: 'epoll_ctl,DEL',
		ctl: '不存在的 epoll_ctl 操作',
		write: 'write() 这么多字节；对计数器则加上这个值',
		read: 'read() 最多这么多字节', shut: 'shutdown()',
		close: 'close()；名字仍保存旧的号码，和 C 的变量一样',
		wait: 'epoll_wait，最多 MAX 个事件，超时 0；during：' +
			'在拷贝第 EVENT 个事件时执行操作 WHAT',
		items: '兴趣列表，按描述符排序',
		thread: '睡在 epoll_wait 里的线程', note: '给读者的文字',
	},

	share: '分享', shareLink: '复制链接', shareSvg: '保存图片(SVG)',
	linkIs: '链接', copied: '已复制。',
	copyByHand: '请选中链接并复制。',
	noStory: (name) => `没有故事“${name}”。这里是另一个。`,
	badLink: '链接里没有脚本：# 后面的内容不是本页生成的。这里是一个故事。',
	badScript: '这个脚本有错误，见编辑器。',

	keys: '按键：→ 前进，← 后退，Home 第一步，End 最后一步，p 播放，g 猜，e 编辑，? 显示本行',
	titles: {
		dup: 'close() 只有关闭了文件才会取下条目',
		'et-stall': '边缘触发：现在不读完，就不再通知',
		exclusive: '惊群与 EPOLLEXCLUSIVE',
		hangup: 'IN、RDHUP、HUP、ERR：对话结束的方式',
		'lt-rotation': '水平触发：报告过的条目回到末尾',
		many: '监视八个文件，一个发出唤醒：不需要查找',
		'mod-rearms': 'MOD 会再问一次：重新激活边缘触发',
		nested: 'epoll 也是文件：可以被监视',
		oneshot: 'ONESHOT：报告一次，直到 MOD 之前沉默',
		overflow: '拷贝到用户空间时发生的事件',
		refused: 'epoll 不能监视什么，报告又不保证什么',
		surprises: '并不是新消息的唤醒',
		'two-threads': '两个线程在同一个 epoll 上等待：只唤醒一个',
		'01-level': '水平触发，只读一部分',
		'02-edge': '边缘触发，只读一部分',
		'03-edge-again': '边缘触发，旧数据未读，又来新数据',
		'04-rumour': '等待之前数据被别人读走了',
		'05-order': 'maxevents 为 1 时的顺序',
		'06-in-out': '到达一个字节，IN 和 OUT 都要求了',
		'07-hangup': '没有要求的 HUP',
		'08-mod': '掩码不变的 MOD',
		'09-nested': 'epoll 里的 epoll，里面的已被读空',
		'10-dup': 'dup，然后 close',
	},
};

export const LANGUAGES = { en, zh };

// The title of a script in LANGUAGE; the script's own if it has no other.
export function titleOf(words, name, title) {
	return words.titles[name] ?? title ?? name;
}

// "-1 EEXIST" is for programs; people read "refused: EEXIST".
export function readable(answer, words) {
	if (answer.startsWith('-1 '))
		return words.refused(answer.slice(3));
	return answer === '' ? '–' : answer;
}
