/* SPDX-License-Identifier: MIT */
/* probe - a program that does nothing: does this build's kind start at all? */
int main(void)
{
	return 0;
}
