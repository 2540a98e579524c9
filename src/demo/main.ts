const title = document.querySelector('h1');
if (title) title.dataset['ready'] = '';
