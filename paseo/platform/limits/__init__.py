"""How often something may be tried: one guarded statement per try, right under concurrency on both databases.

Each thing that is limited has a meter that fills up by itself: ``limit`` tries at once, then one every
``seconds / limit`` (the generic cell rate algorithm). Over any long time that is ``limit`` per ``seconds``; waiting a
little gives back a little, instead of everybody storming in when a window ends.
"""
